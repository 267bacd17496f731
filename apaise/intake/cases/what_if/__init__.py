"""Past cases under a changed policy, before it is switched on. Nothing about the cases changes: clocks are computed from
their ledgers twice, by the pack each case froze and by the one that is tried, and the two are compared."""
