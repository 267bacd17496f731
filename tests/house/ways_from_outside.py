"""The portal and the door."""

from .ways import Way, first_file, portal, say
from .world import PASSWORD

WAYS: dict[str, Way] = {
    # --- the portal and the door
    "complaint": Way(
        form=say(
            once="a-form-number",
            name="Luc",
            email="luc@courriel.exemple.test",
            phone="",
            subject="Panne",
            story="Rien ne marche",
            wish="",
        )
    ),
    "tracking": portal("answered", query="received=1"),
    "tracking-messages": portal("investigating", say(text="J'ajoute une photo.")),
    "tracking-acceptance": portal("answered"),
    "tracking-objection": portal("answered", say(text="Ce n'est pas réglé.")),
    "tracking-withdrawal": portal("investigating", say(sure="yes")),
    "tracking-file": portal("investigating", more=first_file("investigating")),
    "sign-in": Way(form=say(email="signatory@exemple.test", password=PASSWORD)),
    "sign-out": Way(),
    "healthz": Way(),
    "readyz": Way(),
    "form-step": Way(form=say(once="a-form-number", step="1")),
    "draft": Way(
        arguments=lambda world, actor: {"token": world.draft},
        form=say(once="a-draft-number", story="Rien ne marche ici.", email="luc@courriel.exemple.test"),
    ),
    "data": Way(),
    "policy": Way(),
    "policy-edition": Way(arguments=lambda world, actor: {"number": 1}),
}
