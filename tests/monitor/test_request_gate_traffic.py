from tui.monitor.request_gate import RequestCounter


def test_requests_of_the_last_minute_are_counted():
    meter = RequestCounter()
    for moment_s in (0, 30, 59):
        meter.left(moment_s)

    assert (meter.per_min(59), meter.per_min(61), meter.per_min(200)) == (3, 2, 0)
