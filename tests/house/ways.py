"""How to reach an address: what its pieces are made of."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from apaise.lib import clock

from .world import Actor, World

Make = Callable[[World, Actor], dict[str, Any]]


class Way(NamedTuple):
    """How to reach an address: the stage of its case, what stands in the address, what a form sends."""

    stage: str = ""  # of the case it is about; without one, nobody's relation to a case matters
    arguments: Make = lambda world, actor: {}
    form: Make = lambda world, actor: {}
    query: str = ""
    demo: bool = False


def of_case(world: World, stage: str) -> dict[str, Any]:
    return {"reference": world.cases[stage].reference}


def in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def staff(
    stage: str, form: Make = lambda world, actor: {}, more: Make = lambda world, actor: {}, query: str = ""
) -> Way:
    return Way(stage, lambda world, actor: {**of_case(world, stage), **more(world, actor)}, form, query)


def portal(
    stage: str, form: Make = lambda world, actor: {}, more: Make = lambda world, actor: {}, query: str = ""
) -> Way:
    return Way(
        stage,
        lambda world, actor: {"token": world.links[stage][actor.relation], **more(world, actor)},
        form,
        query,
    )


def first_file(stage: str) -> Make:
    return lambda world, actor: {
        "file_id": world.cases[stage].messages.order_by("pk")[0].attachments.all()[0].pk
    }


def message(stage: str, **which: str) -> Make:
    return lambda world, actor: {
        "message_id": world.cases[stage].messages.filter(**which).order_by("pk")[0].pk
    }


def of_the_case(what: str, name: str) -> Make:
    """The one row of this kind on the case under investigation."""
    return lambda world, actor: {name: getattr(world.cases["investigating"], what).get().pk}


def known(**arguments: str) -> Make:
    """Numbers in an address, each that of something of world.customers: known(person_id="person")."""
    return lambda world, actor: {name: getattr(world.customers, what).pk for name, what in arguments.items()}


def say(**form: Any) -> Make:
    return lambda world, actor: form
