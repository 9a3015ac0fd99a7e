"""Whose batch runs next."""


def test_interactive_goes_first_and_bulk_keeps_one_batch_in_four() -> None:
    queue = FairQueue(batch_size=1, batch_tokens=100, bulk_every=4)
    fill(queue, 1, [1] * 12, Priority.BULK)
    fill(queue, 2, [1] * 12, Priority.INTERACTIVE)
    order = "".join("IB"[batch[0].priority] for batch in drain(queue))
    assert order == "IIIB" * 4 + "B" * 8


def test_bulk_counts_from_when_it_began_to_wait() -> None:
    """Interactive batches that ran while no bulk work waited don't make bulk overtake."""
    queue = FairQueue(batch_size=1, batch_tokens=100, bulk_every=4)
    fill(queue, 1, [1] * 20, Priority.INTERACTIVE)
    for _ in range(10):
        queue.pick(BULK)
    fill(queue, 2, [1], Priority.BULK)
    assert "".join("IB"[queue.pick(BULK)[0].priority] for _ in range(4)) == "IIIB"


def test_prediction_shares_with_others_and_never_exceeds_all_work() -> None:
    queue = FairQueue(batch_size=8, batch_tokens=400)
    assert queue.tokens_until_done(10, Priority.INTERACTIVE) == 10
    fill(queue, 1, [10] * 100, Priority.BULK)
    assert queue.tokens_until_done(10, Priority.BULK) == 20  # its own 10, and as much of the other request
    assert queue.tokens_until_done(5000, Priority.BULK) == 6000
    assert queue.tokens_until_done(30, Priority.INTERACTIVE) == pytest.approx(40)  # bulk gets a batch in four
    fill(queue, 2, [10] * 1000, Priority.INTERACTIVE)
    assert queue.tokens_until_done(10, Priority.BULK) == 80  # its share of one batch in four
