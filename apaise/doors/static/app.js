/* What pages gain when script runs. Every page works without it; nothing here decides anything.
   Attributes are the whole contract:
     data-key="r"             a single-letter shortcut: presses a button or link, focuses a field
     data-item                an entry that j and k walk through, o opens
     data-draft="name"        a form whose words are kept on this device, within a second, until data-draft-done="name" comes back;
                              data-draft-at is when the server last kept them: the later of the two is shown
     data-draft-status        where the form says so; data-draft-line is shown with it
     data-confirm="dialog"    a form that asks a <dialog> first; data-opens / data-closes open and close one
     data-shows, data-hides   swap two elements (the two composers)
     data-setting             "theme", "density", "keys": choices kept on this device
     data-left, data-span     a toast whose ring runs down in that many seconds, then goes
     data-bulk                a bar that appears when something in its form is chosen
     data-sends               Ctrl Enter in one of its fields presses the form's [data-primary]; data-prints prints the page
     data-newest              a thread that opens at its newest event; data-focus takes the focus when it arrives */
(() => {
  "use strict";
  const root = document.documentElement;
  const words = JSON.parse(document.querySelector('meta[name="app-words"]')?.content || "{}");
  const shown = (element) => element.getClientRects().length > 0;
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);
  const store = {
    get(name) { try { return localStorage.getItem("apaise." + name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem("apaise." + name, value); return true; } catch { return false; } },
    drop(name) { try { localStorage.removeItem("apaise." + name); } catch { /* refused, so never kept */ } },
    names() { try { return Object.keys(localStorage).filter((key) => key.startsWith("apaise.")).map((key) => key.slice(7)); } catch { return []; } },
  };

  /* --- settings kept on this device -------------------------------------------------------------- */
  const settings = {
    theme: { read: (input) => input.value, show: (input, kept) => { input.checked = input.value === (kept || "auto"); } },
    density: { read: (input) => (input.checked ? "compact" : "auto"), show: (input, kept) => { input.checked = kept === "compact"; } },
    keys: { read: (input) => (input.checked ? "auto" : "off"), show: (input, kept) => { input.checked = kept !== "off"; } },
  };
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.setting;
    if (!name) return;
    const value = settings[name].read(event.target);
    if (value === "auto") { store.drop(name); delete root.dataset[name]; } else { store.set(name, value); root.dataset[name] = value; }
  });

  /* --- popovers: one open at a time, Escape and a click outside close ------------------------------ */
  const POPOVER = "details.why, details[data-pops]";
  const closePopovers = (except) => {
    let closed = null;
    for (const one of document.querySelectorAll(":is(" + POPOVER + ")[open]")) {
      if (!one.contains(except) && !one.hasAttribute("data-stays")) { one.open = false; closed = one; }
    }
    return closed;
  };
  document.addEventListener("click", (event) => { closePopovers(event.target); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const inside = document.activeElement;
    const closed = closePopovers(null);
    if (closed?.contains(inside)) closed.querySelector("summary").focus();
  });

  /* --- dialogs, guards, swaps -------------------------------------------------------------------- */
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (dialog?.showModal && !dialog.open) { closePopovers(null); dialog.showModal(); }
    return dialog;
  };
  const ask = (id) => new Promise((answer) => {
    const dialog = open(id);
    if (!dialog) { answer(true); return; }
    dialog.returnValue = "";
    dialog.addEventListener("close", () => answer(dialog.returnValue === "confirm"), { once: true });
  });
  document.addEventListener("click", (event) => {
    const opener = closest(event, "[data-opens]");
    if (opener && document.getElementById(opener.dataset.opens)) { event.preventDefault(); open(opener.dataset.opens); }
    if (closest(event, "[data-prints]")) print();
    const closer = closest(event, "[data-closes]");
    if (closer) closer.closest(".toast, .banner, dialog")?.remove();
    const swap = closest(event, "[data-shows]");
    if (swap) {
      const next = document.getElementById(swap.dataset.shows);
      const last = document.getElementById(swap.dataset.hides);
      if (!next || !last) return;
      next.hidden = false;
      last.hidden = true;
      next.querySelector("textarea")?.focus();
    }
    const dialog = event.target instanceof HTMLDialogElement ? event.target : null;
    if (dialog?.matches(":modal") && event.target === dialog && !inside(dialog, event)) dialog.close("cancel");
  });
  const inside = (element, event) => {
    const box = element.getBoundingClientRect();
    return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  };
  const agreed = new WeakSet();
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.hasAttribute("hx-post") || agreed.delete(form)) return;
    event.preventDefault();
    const { submitter } = event;
    if (await ask(form.dataset.confirm)) { agreed.add(form); form.requestSubmit(submitter); }
  });
  document.addEventListener("htmx:confirm", async (event) => {
    const guard = event.detail.elt.dataset.confirm;
    if (!guard) return;
    event.preventDefault();
    if (await ask(guard)) event.detail.issueRequest(true);
  });

  /* --- shortcuts: letters as typed, whatever the keyboard's layout --------------------------------- */
  const typing = (element) => element instanceof Element && (element.matches("input:not([type=checkbox], [type=radio]), textarea, select") || element.isContentEditable || element.closest("dialog:modal"));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      const field = open("palette")?.querySelector("input") || document.querySelector('[data-key="/"]');
      if (field) { event.preventDefault(); field.focus(); field.select(); }
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const send = closest(event, "form[data-sends]")?.querySelector("[data-primary]");
      if (send && !event.repeat) { event.preventDefault(); send.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
    if (root.dataset.keys === "off" || typing(event.target)) return;
    if (event.key === "j" || event.key === "k") { if (walk(event.key === "j" ? 1 : -1)) event.preventDefault(); return; }
    if (event.key === "o" && document.activeElement?.closest("[data-item]")) { event.preventDefault(); document.activeElement.closest("[data-item]").querySelector("a").click(); return; }
    if (event.key === "?") { if (open("shortcuts")) event.preventDefault(); return; }
    if (event.key.length !== 1) return;
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key && shown(one) && !one.disabled);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) { target.focus(); target.scrollIntoView({ block: "nearest" }); } else target.click();
  });
  const walk = (step) => {
    const items = [...document.querySelectorAll("[data-item]")].filter(shown);
    if (!items.length) return false;
    const here = items.findIndex((item) => item.contains(document.activeElement));
    const from = here >= 0 ? here : items.findIndex((item) => item.querySelector("[aria-current]") || item.matches(".current"));
    const next = items[Math.min(Math.max(from + (from < 0 ? Math.max(step, 1) : step), 0), items.length - 1)];
    next.querySelector("a")?.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  /* --- drafts: never lose a word -------------------------------------------------------------------- */
  const MONTH = 30 * 24 * 3600 * 1000;
  const KEPT = 'textarea[name], input[name]:not([type=hidden], [type=password], [type=file], [type=submit], [type=button]), select[name]';
  const timers = new WeakMap();
  const keep = (form) => {
    timers.delete(form);
    const values = {};
    for (const field of form.querySelectorAll(KEPT)) {
      if (field.type === "radio" && !field.checked) continue;
      if (field.type === "checkbox") (values[field.name] ??= []).push([field.value, field.checked]);
      else values[field.name] = field.value;
    }
    if (store.set("draft." + form.dataset.draft, JSON.stringify({ at: Date.now(), values }))) say(form, new Date());
  };
  const say = (form, at) => {
    const time = new Intl.DateTimeFormat(root.lang, { hour: "numeric", minute: "2-digit", hour12: false }).format(at);
    const status = form.querySelector("[data-draft-status]");
    const line = form.querySelector("[data-draft-line]");
    const said = root.lang.startsWith("fr") ? time.replace(":", "\u00a0h\u00a0") : time;
    if (status) status.textContent = words.kept.replace("{time}", said);
    if (line) line.hidden = false;
  };
  const restore = (form) => {
    let kept = null;
    try { kept = JSON.parse(store.get("draft." + form.dataset.draft)); } catch { /* not ours to read */ }
    if (!kept) return;
    let changed = false;
    const later = kept.at > Date.parse(form.dataset.draftAt || "");
    for (const field of form.querySelectorAll(KEPT)) {
      const value = kept.values[field.name];
      if (value === undefined) continue;
      if (field.type === "radio") { if (!form.querySelector(`[name="${CSS.escape(field.name)}"]:checked`) && field.value === value) { field.checked = changed = true; } }
      else if (field.type === "checkbox") { const was = value.find(([own]) => own === field.value); if (was && was[1] !== field.checked) { field.checked = was[1]; changed = true; } }
      else if (value && value !== field.value && (later || !field.value)) { field.value = value; changed = true; }
    }
    if (changed) say(form, new Date(kept.at));
  };
  document.addEventListener("input", (event) => {
    const form = closest(event, "form[data-draft]");
    if (form && !timers.has(form)) timers.set(form, setTimeout(keep, 500, form));
  });
  const keepAll = () => { for (const form of document.querySelectorAll("form[data-draft]")) if (timers.has(form)) { clearTimeout(timers.get(form)); keep(form); } };
  addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); });
  document.addEventListener("submit", (event) => {
    keepAll();
    if (event.target.hasAttribute("data-clears-drafts")) for (const name of store.names()) if (name.startsWith("draft.")) store.drop(name);
  });
  for (const name of store.names()) {
    if (!name.startsWith("draft.")) continue;
    try { if (Date.now() - JSON.parse(store.get(name)).at > MONTH) store.drop(name); } catch { store.drop(name); }
  }

  /* --- how far people come in the public form: a number, never their words ------------------------------ */
  const come = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = closest(event, "form[data-steps]");
    if (!form) return;
    const said = (name) => form.elements[name]?.value.trim() || "";
    const step = said("story").split(/\s+/).length < 2 ? 1 : said("email") || said("phone") ? 3 : 2;
    if (step <= (come.get(form) || 0)) return;
    come.set(form, step);
    const sent = new FormData();
    for (const [name, value] of [["once", said("once")], ["step", step], ["csrfmiddlewaretoken", said("csrfmiddlewaretoken")]]) sent.append(name, value);
    navigator.sendBeacon(form.dataset.steps, sent);
  });

  /* --- rewrites proposed by the coach ---------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const button = closest(event, "[data-rewrite]");
    const draft = button?.closest("form")?.querySelector("textarea");
    if (!draft) return;
    const start = draft.value.indexOf(button.dataset.rewrite);
    if (start < 0) { button.disabled = true; return; }
    draft.focus();
    draft.setRangeText(button.firstChild.textContent, start, start + button.dataset.rewrite.length, "end");
    draft.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* --- toasts: what is about to happen, and what went wrong ------------------------------------------- */
  const toast = (text) => {
    const region = document.getElementById("toasts");
    if (!region || [...region.children].some((one) => one.textContent.includes(text))) return;
    const made = Object.assign(document.createElement("div"), { className: "toast" });
    const close = Object.assign(document.createElement("button"), { className: "btn small", type: "button", textContent: words.close });
    close.dataset.closes = "";
    made.append(Object.assign(document.createElement("span"), { textContent: text }), close);
    region.append(made);
  };
  const ends = new WeakMap();
  const tick = () => {
    for (const one of document.querySelectorAll("[data-left]")) {
      // Counted from its arrival: the clocks of server and device may disagree.
      if (!ends.has(one)) ends.set(one, performance.now() + Number(one.dataset.left) * 1000);
      const left = (ends.get(one) - performance.now()) / 1000;
      if (left <= 0) { one.remove(); continue; }
      one.querySelector(".ring-left")?.setAttribute("stroke-dasharray", Math.min(100, Math.round((left / Number(one.dataset.span)) * 100)) + " 100");
    }
  };
  setInterval(tick, 1000);
  document.addEventListener("htmx:sendError", () => toast(words.unreachable));
  document.addEventListener("htmx:timeout", () => toast(words.unreachable));
  document.addEventListener("htmx:responseError", () => toast(words.broke));
  document.addEventListener("htmx:beforeSwap", (event) => {
    // A refusal is a fragment and belongs in its place; a whole page does not.
    const { xhr } = event.detail;
    if (xhr.status >= 400 && /^\s*<!doctype/i.test(xhr.responseText)) { event.detail.shouldSwap = false; toast(words.moved_on); }
  });

  /* --- choosing several rows --------------------------------------------------------------------------- */
  const count = (bar) => {
    const form = bar.closest("form");
    if (!form) return;
    const many = form.querySelectorAll('[name="pick"]:checked').length;
    const label = bar.querySelector("[data-count]");
    bar.hidden = !many;
    label.textContent = many === 0 ? label.dataset.none : many === 1 ? label.dataset.one : label.dataset.many.replace("{n}", many);
  };
  const countAll = () => document.querySelectorAll("form [data-bulk]").forEach(count);
  document.addEventListener("change", (event) => { if (event.target.name === "pick") countAll(); });
  document.addEventListener("reset", () => setTimeout(countAll));

  /* --- whenever something arrives ------------------------------------------------------------------------ */
  const arrive = (place) => {
    for (const one of place.querySelectorAll("[data-needs-script]")) one.hidden = false;
    for (const input of place.querySelectorAll("[data-setting]")) settings[input.dataset.setting].show(input, store.get(input.dataset.setting));
    for (const done of place.querySelectorAll("[data-draft-done]")) store.drop("draft." + done.dataset.draftDone);
    for (const form of place.querySelectorAll("form[data-draft]")) restore(form);
    for (const swap of place.querySelectorAll("[data-shows]")) {
      const other = document.getElementById(swap.dataset.shows);
      const own = document.getElementById(swap.dataset.hides);
      if (other && own && shown(other) && shown(own) && own.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) other.hidden = true;
    }
    const newest = place.querySelector("[data-newest]");
    // On a wide screen the thread is a region laid from its foot up; on a phone the page itself must be brought there.
    if (newest && !location.hash && getComputedStyle(newest).display !== "flex") newest.querySelector(".thread:last-of-type > :last-child")?.scrollIntoView({ block: "center" });
    place.querySelector("[data-focus]")?.focus();
    countAll();
    tick();
  };
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) arrive(event.detail.elt.parentElement || document); });
  arrive(document);
})();
