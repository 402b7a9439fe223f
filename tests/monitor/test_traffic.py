from tui.monitor.traffic import TrafficMeter


def test_requests_of_the_last_minute_are_counted():
    meter = TrafficMeter()
    for moment_s in (0, 30, 59):
        meter.left(moment_s, late_s=0)

    assert (meter.per_min(59), meter.per_min(61), meter.per_min(200)) == (3, 2, 0)


def test_one_late_request_is_no_lateness():
    meter = TrafficMeter()
    for late_s in (0, 0, 90, 0):
        meter.left(1, late_s=late_s)

    assert meter.late_s == 0


def test_lateness_is_that_of_most_requests():
    meter = TrafficMeter()
    for late_s in (0, 20, 22, 24):
        meter.left(1, late_s=late_s)

    assert meter.late_s == 21


def test_a_moment_is_not_late():
    meter = TrafficMeter()
    meter.left(1, late_s=0.9)

    assert meter.late_s == 0
