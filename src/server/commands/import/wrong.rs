//! What is wrong with a file.

/// Wrong lines that are named.
const MAX_NAMED: usize = 20;

/// What is wrong with which lines. Many are counted, some are named.
#[derive(Default)]
pub struct Wrong {
    count: usize,
    named: Vec<(u64, String)>,
}

impl Wrong {
    pub fn add(&mut self, line: u64, why: &str) {
        self.count += 1;
        if self.named.len() < MAX_NAMED {
            self.named.push((line, format!("line {line}: {why}")));
        }
    }

    /// The named lines in order, and how many there are in all; `None` when nothing is wrong.
    pub fn into_list(mut self) -> Option<(Vec<String>, usize)> {
        self.named.sort_by_key(|(line, _)| *line);
        (self.count > 0).then(|| (self.named.into_iter().map(|(_, text)| text).collect(), self.count))
    }
}
