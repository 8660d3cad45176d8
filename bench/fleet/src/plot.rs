//! Plots as SVG: measures over the number of memberships, a line for each number of Regions.

use std::fmt::Write;

/// Of one panel, in pixels, with room for its labels around it.
const WIDTH: f64 = 260.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 44.0;
const BETWEEN: f64 = LEFT + WIDTH + 20.0;
/// Dark enough on white, and different to all eyes.
const COLOURS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

/// One measure.
pub struct Panel {
    pub title: String,
    pub series: Vec<Series>,
    /// Whether each step upwards is ten times the one before; else it begins at zero.
    pub tenfold: bool,
    /// The budget, drawn as a dashed line.
    pub at_most: Option<f64>,
}

/// Points by memberships, and a line by what they should be, or from point to point.
pub struct Series {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    pub line: Option<Vec<(f64, f64)>>,
}

/// An axis from the lowest value to the highest, in pixels.
struct Scale {
    tenfold: bool,
    from: f64,
    to: f64,
    pixels: f64,
}

/// The panels side by side.
pub fn svg(panels: &[Panel]) -> String {
    let (mut width, height) = (10.0, TOP + HEIGHT + 66.0);
    let mut drawn = String::new();
    for panel in panels {
        // Writing to memory cannot fail.
        let _ = draw(&mut drawn, panel, width + LEFT);
        width += BETWEEN;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{drawn}</svg>\n"
    )
}

fn draw(out: &mut String, panel: &Panel, left: f64) -> std::fmt::Result {
    let points = || panel.series.iter().flat_map(|series| &series.points);
    let across = Scale::around(points().map(|point| point.0), true, WIDTH);
    let up = Scale::around(points().map(|point| point.1).chain(panel.at_most), panel.tenfold, HEIGHT);
    let x = |value: f64| left + across.place(value);
    let y = |value: f64| TOP + HEIGHT - up.place(value);
    let (right, bottom) = (left + WIDTH, TOP + HEIGHT);

    writeln!(out, "<text x=\"{left:.0}\" y=\"20\" font-size=\"13\" font-weight=\"bold\">{}</text>", panel.title)?;
    for tick in across.ticks() {
        let place = x(tick);
        writeln!(out, "<path d=\"M{place:.1} {TOP}V{bottom:.1}\" stroke=\"#e5e5e5\"/>")?;
        writeln!(
            out,
            "<text x=\"{place:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            bottom + 16.0,
            short(tick)
        )?;
    }
    for tick in up.ticks() {
        let place = y(tick);
        writeln!(out, "<path d=\"M{left:.1} {place:.1}H{right:.1}\" stroke=\"#e5e5e5\"/>")?;
        writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 6.0,
            place + 4.0,
            short(tick)
        )?;
    }
    writeln!(out, "<path d=\"M{left:.1} {TOP}V{bottom:.1}H{right:.1}\" fill=\"none\" stroke=\"#444\"/>")?;
    writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">memberships</text>",
        left + WIDTH / 2.0,
        bottom + 34.0
    )?;
    if let Some(at_most) = panel.at_most {
        let place = y(at_most);
        writeln!(out, "<path d=\"M{left:.1} {place:.1}H{right:.1}\" stroke=\"#444\" stroke-dasharray=\"5 4\"/>")?;
        writeln!(out, "<text x=\"{right:.1}\" y=\"{:.1}\" text-anchor=\"end\">budget</text>", place - 4.0)?;
    }
    for ((series, colour), place) in panel.series.iter().zip(COLOURS.into_iter().cycle()).zip(0u8..) {
        let line = series.line.as_ref().unwrap_or(&series.points);
        let path: Vec<String> = line.iter().map(|(across, up)| format!("{:.1},{:.1}", x(*across), y(*up))).collect();
        writeln!(out, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\"/>", path.join(" "))?;
        for (across, up) in &series.points {
            writeln!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"/>", x(*across), y(*up))?;
        }
        let at = left + f64::from(place) * 88.0;
        let below = bottom + 54.0;
        writeln!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"/>", at + 4.0, below - 4.0)?;
        writeln!(out, "<text x=\"{:.1}\" y=\"{below:.1}\">{}</text>", at + 12.0, series.name)?;
    }
    Ok(())
}

impl Scale {
    fn around(values: impl Iterator<Item = f64>, tenfold: bool, pixels: f64) -> Self {
        let (least, most) =
            values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
        if tenfold {
            let (from, to) = (least.log10().floor(), most.log10().ceil());
            return Self { tenfold, from, to: to.max(from + 1.0), pixels };
        }
        // Up to a round number: 1, 2 or 5 times a power of ten for a fifth of it.
        let power = 10_f64.powf((most / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| step * 5.0 >= most);
        Self { tenfold, from: 0.0, to: step.unwrap_or(power) * 5.0, pixels }
    }

    fn place(&self, value: f64) -> f64 {
        let value = if self.tenfold { value.log10() } else { value };
        (value - self.from) / (self.to - self.from) * self.pixels
    }

    fn ticks(&self) -> Vec<f64> {
        if !self.tenfold {
            return (0..=5u8).map(|fifth| self.to / 5.0 * f64::from(fifth)).collect();
        }
        let mut ticks = vec![10_f64.powf(self.from)];
        while let Some(last) = ticks.last().filter(|last| **last < 10_f64.powf(self.to) * 0.99) {
            ticks.push(last * 10.0);
        }
        ticks
    }
}

/// 1,000 as `1k`, so that it fits.
fn short(value: f64) -> String {
    match value {
        millions if millions >= 1e6 => format!("{:.0}M", millions / 1e6),
        thousands if thousands >= 1e3 => format!("{:.0}k", thousands / 1e3),
        _ => format!("{value:.0}"),
    }
}
