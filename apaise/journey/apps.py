from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "apaise.journey"
    label = "journey"

    def ready(self) -> None:
        from apaise.ground.ledger import record
        from apaise.journey.reactions import enqueue_reactions

        record.tell(enqueue_reactions)
