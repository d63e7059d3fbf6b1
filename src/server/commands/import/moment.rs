//! Times as files have them.

use crate::domain::time::Time;

/// Reads RFC 3339, and the same with a space, without seconds, without an offset (UTC then) or without a time of day
/// (the beginning of that day, UTC).
pub fn read(text: &str) -> Option<Time> {
    let text = text.trim();
    let text = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).unwrap_or(text).trim_end();
    let (date, rest) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
    let rest = rest.trim_start();
    let (clock, zone) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let clock = clock.trim_end();
    let seconds = if clock.matches(':').count() == 1 { ":00" } else { "" };
    Time::parse_rfc_3339(&format!("{date}T{clock}{seconds}{}", offset(zone)?))
}

/// An offset as RFC 3339 writes it.
fn offset(zone: &str) -> Option<String> {
    let Some(digits) = zone.strip_prefix(['+', '-']) else {
        return matches!(zone, "" | "Z" | "z").then(|| "Z".into());
    };
    let sign = &zone[..1];
    match digits.len() {
        2 => Some(format!("{sign}{digits}:00")),
        4 => Some(format!("{sign}{}:{}", digits.get(..2)?, digits.get(2..)?)),
        _ => Some(zone.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_programs_write_them() {
        for (text, meant) in [
            ("2026-05-03T18:00:09Z", "2026-05-03T18:00:09Z"),
            ("2026-05-03T18:00:09.250Z", "2026-05-03T18:00:09.250Z"),
            ("2026-05-03T20:00:09.250+02:00", "2026-05-03T18:00:09.250Z"),
            ("2026-05-03 12:30:09-0530", "2026-05-03T18:00:09Z"),
            ("2026-05-03 20:00:09 +02", "2026-05-03T18:00:09Z"),
            ("2026-05-03 18:00:09", "2026-05-03T18:00:09Z"),
            ("2026-05-03 18:00:09 UTC", "2026-05-03T18:00:09Z"),
            (" 2026-05-03T18:00 ", "2026-05-03T18:00:00Z"),
            ("2026-05-03 18:00Z", "2026-05-03T18:00:00Z"),
            ("2026-05-03", "2026-05-03T00:00:00Z"),
        ] {
            assert_eq!(read(text).map(Time::rfc_3339).as_deref(), Some(meant), "{text}");
        }
        for wrong in ["", "soon", "03/05/2026", "2026-02-30", "2026-05-03 25:00", "2026-05-03T18:00:00+é", "12:00", "Z"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
