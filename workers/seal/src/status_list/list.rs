//! The list itself: two bits for each version, the first entry in the lowest bits of the first byte, compressed with zlib.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::LIST_ENTRIES;

/// Bits of one entry.
pub(super) const BITS: u64 = 2;
const ENTRIES_OF_BYTE: u32 = 4;
const WHOLE_BYTES: usize = (LIST_ENTRIES / ENTRIES_OF_BYTE) as usize;

/// What became of a version (Token Status List, section on status types; 3 is left to applications).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionStatus {
    /// It is the newest one and holds, or it was never issued.
    Valid = 0,
    /// It holds no more: expired, cancelled, withdrawn, revoked, transferred, or abandoned before it was issued.
    Invalid = 1,
    /// It is suspended, or a lock stands against it; that may end.
    Suspended = 2,
    /// A newer version took its place.
    Superseded = 3,
}

impl VersionStatus {
    fn of_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            _ => Self::Superseded,
        }
    }
}

/// The statuses of all versions of one list.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList {
    bytes: Vec<u8>,
}

impl Default for StatusList {
    /// A list in which everything is valid.
    fn default() -> Self {
        Self { bytes: vec![0; WHOLE_BYTES] }
    }
}

impl StatusList {
    /// Sets the status of the version at an index; one behind the end is let pass.
    pub fn set(&mut self, index: u32, status: VersionStatus) {
        let shift = index % ENTRIES_OF_BYTE * 2;
        if let Some(byte) = self.bytes.get_mut((index / ENTRIES_OF_BYTE) as usize) {
            *byte = *byte & !(3 << shift) | (status as u8) << shift;
        }
    }

    /// The status of the version at an index; `None` behind the end.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<VersionStatus> {
        let byte = self.bytes.get((index / ENTRIES_OF_BYTE) as usize)?;
        Some(VersionStatus::of_bits(byte >> (index % ENTRIES_OF_BYTE * 2)))
    }

    /// The member `lst`.
    pub(super) fn compressed(&self) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.bytes).and_then(|()| encoder.finish()).expect("writing into a vector cannot fail")
    }

    /// Reads the member `lst`; `None` unless it unfolds to exactly one whole list. Costs no more memory than that, whatever it holds.
    pub(super) fn unfolded(compressed: &[u8]) -> Option<Self> {
        let mut bytes = Vec::with_capacity(WHOLE_BYTES + 1);
        ZlibDecoder::new(compressed).take(WHOLE_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() == WHOLE_BYTES).then_some(Self { bytes })
    }
}

impl std::fmt::Debug for StatusList {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StatusList").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The draft's test vector for two bits (draft-ietf-oauth-status-list, "Test vectors for Status List encoding"): the CBOR of a list of
    /// 2^20 entries, from its repository at b101e6c.
    const VECTOR: &str = "\
        a2646269747302636c737459013d78daeddb310d00211000412ea1a04004fe5520ed\
        357c28c81d3312b6df68bc65480000000000406e2101000000000000000000000000\
        0000000000000000000000000000000000000040795b020000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000\
        0080f4ba0400000000000000000000000000406d764a000000000000000000000000\
        000000000000000000e0922101000000000000000000000000000000000000fc1312\
        00000000000000000000000000000000000000000000000000000000000000c0912e\
        01000000000000000000000000000000000000c07d4b020000000000000000000000\
        00000000a8614a0000000000000000000000406a1fcd60010c\
        ";

    const STATUSES: [(u32, VersionStatus); 11] = [
        (0, VersionStatus::Invalid),
        (1_993, VersionStatus::Suspended),
        (25_460, VersionStatus::Invalid),
        (159_495, VersionStatus::Superseded),
        (495_669, VersionStatus::Invalid),
        (554_353, VersionStatus::Invalid),
        (645_645, VersionStatus::Suspended),
        (723_232, VersionStatus::Invalid),
        (854_545, VersionStatus::Invalid),
        (934_534, VersionStatus::Suspended),
        (1_000_345, VersionStatus::Superseded),
    ];

    #[test]
    fn the_drafts_vector_is_read_and_written_as_it_stands() {
        use crate::cbor::{Major, Reader};
        let bytes = hex::decode(VECTOR).unwrap();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.head(Major::Map), Some(2));
        assert_eq!((reader.text(), reader.integer()), (Some("bits"), Some(2)));
        assert_eq!(reader.text(), Some("lst"));
        let list = StatusList::unfolded(reader.bytes().unwrap()).unwrap();
        assert!(reader.is_at_end());
        for index in 0..LIST_ENTRIES {
            let expected = STATUSES.iter().find(|(at, _)| *at == index).map_or(VersionStatus::Valid, |(_, status)| *status);
            assert_eq!(list.get(index), Some(expected), "{index}");
        }
        assert_eq!(list.get(LIST_ENTRIES), None);
        let mut written = StatusList::default();
        for (index, status) in STATUSES {
            written.set(index, VersionStatus::Superseded);
            written.set(index, status);
        }
        assert!(written == list);
        assert!(StatusList::unfolded(&written.compressed()).unwrap() == list);
    }

    #[test]
    fn the_drafts_short_example_has_its_bits_in_their_order() {
        // status 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3: the bytes c9 44 f9.
        let mut list = StatusList::default();
        for (index, bits) in [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].into_iter().enumerate() {
            list.set(u32::try_from(index).unwrap(), VersionStatus::of_bits(bits));
        }
        assert_eq!(list.bytes[..4], [0xc9, 0x44, 0xf9, 0]);
    }

    #[test]
    fn a_list_of_another_length_and_a_bomb_are_refused() {
        let folded = |length: usize| {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&vec![0; length]).unwrap();
            encoder.finish().unwrap()
        };
        assert!(StatusList::unfolded(&folded(WHOLE_BYTES)).is_some());
        for length in [0, 1, WHOLE_BYTES - 1, WHOLE_BYTES + 1, 100 << 20] {
            assert!(StatusList::unfolded(&folded(length)).is_none(), "{length}");
        }
        assert!(StatusList::unfolded(b"no zlib").is_none());
    }
}
