//! Metrics in the text format that Prometheus reads.
//!
//! # Source
//!
//! Prometheus, "Exposition formats", text-based format.

use std::fmt::Write as _;

/// Families of metrics with their samples; a family is described once, before its first sample.
#[derive(Default)]
pub(super) struct Exposition {
    text: String,
}

/// What kind of metric a family is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Metric {
    Gauge,
    Counter,
}

impl Exposition {
    /// Begins a family if there are samples of it, and writes them: labels and value.
    pub(super) fn family<'a>(
        &mut self,
        (name, metric, help): (&str, Metric, &str),
        samples: impl IntoIterator<Item = (Vec<(&'a str, &'a str)>, f64)>,
    ) {
        let metric = match metric {
            Metric::Gauge => "gauge",
            Metric::Counter => "counter",
        };
        for (at, (labels, value)) in samples.into_iter().enumerate() {
            if at == 0 {
                // Writing to a string cannot fail.
                let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {metric}");
            }
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", label(value))).collect();
            let _ = writeln!(self.text, "{name}{{{}}} {value}", labels.join(","));
        }
    }

    /// Returns what was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// Escapes a label's value.
fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_without_samples_is_not_described_and_a_label_cannot_break_out() {
        let mut exposition = Exposition::default();
        exposition.family(("none", Metric::Gauge, "Nothing."), []);
        let samples = [(vec![("a", "x\"\\\n")], 1.5), (vec![("a", "y")], 2.0)];
        exposition.family(("some_total", Metric::Counter, "Something."), samples);
        let expected = "# HELP some_total Something.\n# TYPE some_total counter\nsome_total{a=\"x\\\"\\\\\\n\"} 1.5\nsome_total{a=\"y\"} 2\n";
        assert_eq!(exposition.into_text(), expected);
    }
}
