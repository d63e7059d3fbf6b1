//! The program's own colour, made readable on light and on dark pages.

/// A colour without transparency; black unless it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Color([u8; 3]);

const WHITE: Color = Color([255; 3]);
const BLACK: Color = Color([0; 3]);

/// What links and marked text stand on, at its least favourable: the tokens `--sunken` and `--surface` of the style.
const LIGHT: Color = Color([0xf3, 0xf1, 0xec]);
const DARK: Color = Color([0x1a, 0x1b, 0x20]);

/// Text on buttons of dark pages.
const INK: Color = Color([0x11, 0x12, 0x16]);

/// Contrast that WCAG 2.2 AA asks of text, and a little more for rounding.
const READABLE: f64 = 4.6;

impl Color {
    /// Reads `#rrggbb`, in any case and with spaces around it.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |from: usize| u8::from_str_radix(&digits[from..from + 2], 16).ok();
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Where the style with this colour is. The address names the colour, so that browsers may keep it.
    pub fn stylesheet_address(self) -> String {
        format!("/theme/{}.css", self.to_string().trim_start_matches('#'))
    }

    /// The colour of links and buttons on light ground, and that of text on these buttons.
    pub fn on_light(self) -> [Self; 2] {
        let shades = Shades::light(self);
        [shades.accent, shades.on]
    }

    /// The same on dark ground.
    pub fn on_dark(self) -> [Self; 2] {
        let shades = Shades::dark(self);
        [shades.accent, shades.on]
    }

    /// Goes from this colour to another: 0 stays here, 1 arrives.
    fn toward(self, other: Self, share: f64) -> Self {
        let mix = |n: usize| f64::from(self.0[n]) + (f64::from(other.0[n]) - f64::from(self.0[n])) * share;
        Self([0, 1, 2].map(|n| mix(n).round().clamp(0.0, 255.0) as u8))
    }

    /// Relative luminance as WCAG defines it.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast as WCAG defines it, from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        f64::max(one / two, two / one)
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// One colour in the four uses that the style has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shades {
    /// Links and buttons.
    accent: Color,
    /// The same under the pointer.
    strong: Color,
    /// Behind what is marked.
    soft: Color,
    /// Text on buttons.
    on: Color,
}

impl Shades {
    fn light(color: Color) -> Self {
        Self::of(color, BLACK, LIGHT, WHITE)
    }

    fn dark(color: Color) -> Self {
        Self::of(color, WHITE, DARK, INK)
    }

    /// Goes toward `end` as far as text needs on `ground`, and on the soft shade of what came out.
    fn of(color: Color, end: Color, ground: Color, on: Color) -> Self {
        let shades = |step: u32| {
            let accent = color.toward(end, f64::from(step) / 100.0);
            let soft = ground.toward(accent, 0.1);
            Self { accent, strong: accent.toward(end, 0.25), soft, on }
        };
        let readable = |shades: &Self| {
            [ground, shades.soft, on].into_iter().all(|other| shades.accent.contrast(other) >= READABLE)
        };
        (0..=100).map(shades).find(readable).unwrap_or(shades(100))
    }
}

/// The style's tokens for a colour: a rule for the whole page. Nothing that was typed is in it as it was typed.
pub fn css(color: Color) -> String {
    let (light, dark) = (Shades::light(color), Shades::dark(color));
    let token = |name: &str, of: fn(&Shades) -> Color| format!("--{name}:light-dark({},{});", of(&light), of(&dark));
    format!(
        ":root{{{}{}{}{}}}",
        token("accent", |s| s.accent),
        token("accent-strong", |s| s.strong),
        token("accent-soft", |s| s.soft),
        token("on-accent", |s| s.on),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_six_digits_behind_a_hash() {
        assert_eq!(Color::parse(" #35A0c4 ").map(|color| color.to_string()).as_deref(), Some("#35a0c4"));
        for text in ["", "35a0c4", "#35a0c", "#35a0c4f", "#+5a0c4", "#35a0cé", "red", "#fff;}"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        let grey = Color::parse("#777777").expect("a colour");
        assert!((WHITE.contrast(grey) - 4.478).abs() < 1e-3);
    }

    #[test]
    fn a_colour_that_is_readable_stays_as_it_is() {
        let color = Color::parse("#3550c4").expect("a colour");
        assert!(css(color).starts_with(":root{--accent:light-dark(#3550c4,"), "{}", css(color));
    }

    /// The style's own colours, by their names: in light and in dark.
    fn tokens() -> Vec<(&'static str, [Color; 2])> {
        let color = |text: &str| {
            let short = |digits: &str| digits.chars().flat_map(|digit| [digit, digit]).collect::<String>();
            let digits = text.trim().trim_start_matches('#');
            Color::parse(&format!("#{}", if digits.len() == 3 { short(digits) } else { digits.to_owned() }))
        };
        let token = |line: &'static str| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(',')?;
            Some((name, [color(light)?, color(dark)?]))
        };
        include_str!("../../style/00-tokens.css").lines().filter_map(token).collect()
    }

    #[test]
    fn states_and_marks_are_seen_in_light_and_in_dark() {
        let tokens = tokens();
        let token = |name: &str| tokens.iter().find(|(known, _)| *known == name).expect(name).1;
        let grounds = ["paper", "surface", "sunken"];
        let on = |least: f64, fronts: &[&'static str], grounds: &[&'static str]| {
            let pairs = fronts.iter().flat_map(|front| grounds.iter().map(|ground| (*front, *ground)));
            pairs.map(|(front, ground)| (front, ground, least)).collect::<Vec<_>>()
        };
        let pairs = [
            on(4.5, &["text", "muted", "accent", "accent-strong"], &grounds),
            // The current tab and place, badges, the primary button, the tips of charts.
            on(4.5, &["accent"], &["accent-soft"]),
            on(4.5, &["good"], &["good-soft", "surface"]),
            on(4.5, &["warn"], &["warn-soft", "surface"]),
            on(4.5, &["bad"], &["bad-soft", "surface"]),
            on(4.5, &["on-accent"], &["accent", "accent-strong"]),
            on(4.5, &["paper"], &["text"]),
            // What surrounds fields, tracks and neutral badges, and the period before in charts.
            on(3.0, &["edge"], &grounds),
            // The mark of the current place, rings of badges, and marks of charts.
            on(3.0, &["accent", "good", "warn", "bad"], &grounds),
        ];
        for (front, ground, least) in pairs.concat() {
            for (look, place) in [("light", 0), ("dark", 1)] {
                let contrast = token(front)[place].contrast(token(ground)[place]);
                assert!(contrast >= least, "{front} on {ground} in {look}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn the_grounds_that_colours_are_made_for_are_those_of_the_style() {
        let tokens = tokens();
        let token = |name: &str| tokens.iter().find(|(known, _)| *known == name).expect(name).1;
        assert_eq!((token("sunken")[0], token("surface")[1]), (LIGHT, DARK));
    }

    proptest::proptest! {
        #[test]
        fn every_colour_becomes_readable(parts: [u8; 3]) {
            let color = Color(parts);
            for shades in [Shades::of(color, BLACK, LIGHT, WHITE), Shades::of(color, WHITE, DARK, INK)] {
                for other in [shades.soft, shades.on] {
                    proptest::prop_assert!(shades.accent.contrast(other) >= 4.5);
                    proptest::prop_assert!(shades.strong.contrast(other) >= 4.5);
                }
            }
        }
    }
}
