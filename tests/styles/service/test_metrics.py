from __future__ import annotations

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.parser import text_string_to_metric_families

from styles.service.metrics import build, counter, gauge, text


def test_what_is_written_is_read() -> None:
    more = CollectorRegistry()
    Histogram("x_seconds", "Seconds.", registry=more, buckets=(1,)).observe(0.5)
    by_color = {("red", 'a "b"\n'): 3.0, ("blue", "c"): 0.5}
    families = [
        build("x"),
        gauge("x_mails", "Mails.", 7),
        gauge("x_bytes", "Bytes.", by_color, ("color", "of")),
        counter("x_lost", "Lost.", {("red",): 2}, ["color"]),
        counter("x_found", "Found.", 1),
        counter("x_never", "Never.", {}, ["color"]),
    ]
    written = text(families, more).decode()
    read = {family.name: family for family in text_string_to_metric_families(written)}
    samples = [sample for family in read.values() for sample in family.samples]
    values = {(sample.name, *sample.labels.values()): sample.value for sample in samples}
    assert values["x_mails",] == 7
    assert values["x_bytes", "red", 'a "b"\n'] == 3
    assert values["x_bytes", "blue", "c"] == 0.5
    assert values["x_lost_total", "red"] == 2
    assert values["x_found_total",] == 1
    assert values["x_seconds_bucket", "1.0"] == 1
    assert read["x_build_info"].samples[0].labels["version"]
    assert (read["x_lost"].type, read["x_bytes"].type) == ("counter", "gauge")
    assert read["x_never"].samples == []
    assert written.endswith("\n")
