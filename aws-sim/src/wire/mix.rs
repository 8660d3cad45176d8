//! Bits that look random and are the same in every run, on every machine.

/// The SplitMix64 generator.
#[derive(Debug, Default)]
pub(crate) struct Mix(u64);

impl Mix {
    /// A generator that depends only on the whole key. It starts at the FNV-1a hash of the key.
    pub(crate) fn of(seed: u64, key: &[&str], number: u64) -> Self {
        // UTF-8 text never contains this byte, so it separates the texts.
        let texts = key.iter().flat_map(|text| text.bytes().chain([0xff]));
        let bytes = seed.to_le_bytes().into_iter().chain(texts).chain(number.to_le_bytes());
        Self(bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)))
    }

    /// 64 well-mixed bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number from zero to `most`.
    pub(crate) fn up_to(&mut self, most: u32) -> u32 {
        let place = self.bits() % (u64::from(most) + 1);
        u32::try_from(place).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Mix;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut mix = Mix(1_234_567);
        // The test vector that goes with the reference implementation.
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(expected.map(|_| mix.bits()), expected);
    }

    #[test]
    fn every_part_of_the_key_counts() {
        let bits = |seed, key: &[&str], number| Mix::of(seed, key, number).bits();
        let first = bits(1, &["ab", "c"], 1);
        assert_eq!(bits(1, &["ab", "c"], 1), first);
        for other in [bits(2, &["ab", "c"], 1), bits(1, &["a", "bc"], 1), bits(1, &["ab", "c"], 2)] {
            assert_ne!(other, first);
        }
    }
}
