//! Bars as inline SVG, made on the server: read in print, in the dark and, by its title, description and
//! the table beneath, by a screen reader.

use askama::Template;

/// The drawing's own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
/// Room for the values above the bars, and for the labels beneath.
const ABOVE: f64 = 18.0;
const BENEATH: f64 = 20.0;
/// Labels that fit side by side.
const LABELS: usize = 12;

/// What a chart shows of one group.
pub(super) struct Value {
    pub label: String,
    pub height: f64,
    /// The value as people read it.
    pub shown: String,
}

struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    middle: f64,
    label: String,
    shown: String,
    /// Whether there is room for its label.
    labelled: bool,
}

/// A chart of bars.
#[derive(Template)]
#[template(path = "chart.html")]
pub(super) struct Chart {
    /// A name of its own on the page.
    id: &'static str,
    title: String,
    /// What it says, in a sentence.
    description: String,
    bars: Vec<Bar>,
}

impl Chart {
    pub fn new(id: &'static str, title: String, values: Vec<Value>) -> Self {
        let highest = values.iter().map(|value| value.height).fold(f64::MIN_POSITIVE, f64::max);
        let said: Vec<String> =
            values.iter().map(|value| format!("{}\u{a0}: {}", value.label, value.shown)).collect();
        #[allow(clippy::cast_precision_loss)]
        let step = WIDTH / values.len().max(1) as f64;
        let every = values.len().div_ceil(LABELS).max(1);
        let bar = |(place, value): (usize, Value)| {
            let height = (HEIGHT - ABOVE - BENEATH) * value.height / highest;
            #[allow(clippy::cast_precision_loss)]
            let x = step * place as f64;
            Bar {
                x: x + step * 0.15,
                y: HEIGHT - BENEATH - height,
                width: step * 0.7,
                height,
                middle: x + step * 0.5,
                label: value.label,
                shown: value.shown,
                labelled: place % every == 0,
            }
        };
        Self {
            id,
            description: said.join("; "),
            bars: values.into_iter().enumerate().map(bar).collect(),
            title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_drawing_and_nothing_leaves_it() {
        let value =
            |label: &str, height| Value { label: label.to_owned(), height, shown: format!("<{height}>") };
        let chart =
            Chart::new("essai", "Essai".to_owned(), vec![value("a", 1.0), value("b", 4.0), value("c", 0.0)]);
        let heights: Vec<f64> = chart.bars.iter().map(|bar| bar.height).collect();
        assert!((heights[1] - (HEIGHT - ABOVE - BENEATH)).abs() < 1e-9 && heights[2].abs() < 1e-9);
        assert!((heights[0] * 4.0 - heights[1]).abs() < 1e-9);
        assert!(chart.bars.iter().all(|bar| bar.x >= 0.0 && bar.x + bar.width <= WIDTH && bar.y >= ABOVE));
        let drawn = chart.render().unwrap();
        assert!(drawn.contains("&#60;4&#62;") && !drawn.contains("<4>"));
        assert!(Chart::new("vide", String::new(), Vec::new()).render().unwrap().contains("<svg"));
    }
}
