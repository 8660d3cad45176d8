//! Identifiers that look random, never repeat, and are the same in every run.

use crate::wire::mix::Mix;

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
        text
    })
}

/// A source of identifiers.
#[derive(Debug, Default)]
pub(crate) struct Ids(Mix);

impl Ids {
    /// 64 well-mixed bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.bits()
    }

    /// 32 lower-case hexadecimal digits: the form of detector and invitation ids (AWS D11).
    pub(crate) fn hex32(&mut self) -> String {
        format!("{:016x}{:016x}", self.bits(), self.bits())
    }

    /// The form of request and message ids.
    pub(crate) fn uuid(&mut self) -> String {
        let text = self.hex32();
        format!("{}-{}-4{}-a{}-{}", &text[..8], &text[8..12], &text[13..16], &text[17..20], &text[20..])
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_differ_and_have_the_right_form() {
        let mut ids = Ids::default();
        let (first, second) = (ids.hex32(), ids.hex32());
        assert_ne!(first, second);
        assert!(first.len() == 32 && first.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        assert_eq!(ids.uuid().len(), 36);
    }
}
