//! SHA-256 of what is delivered, streamed: the identity of a file or a folder whatever its name.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// SHA-256 of the bytes of a file.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn of_file(path: &Path) -> io::Result<[u8; 32]> {
    of_reader(&mut File::open(path)?)
}

/// SHA-256 of everything that `reader` still has.
///
/// # Errors
/// When the reader fails.
pub fn of_reader(reader: &mut impl Read) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 128 * 1024];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(length) => hasher.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// SHA-256 over names and digests, each name closed by a zero byte. The order is the caller's to fix.
#[must_use]
pub fn of_named(entries: &[(Vec<u8>, [u8; 32])]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for (name, digest) in entries {
        hasher.update(name);
        hasher.update([0]);
        hasher.update(digest);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_stream_is_that_of_its_bytes() {
        let abc = of_reader(&mut &b"abc"[..]).unwrap();
        assert_eq!(abc[..4], [0xBA, 0x78, 0x16, 0xBF]);
        let long = vec![7; 300_000];
        assert_eq!(of_reader(&mut &long[..]).unwrap(), <[u8; 32]>::from(Sha256::digest(&long)));
    }

    #[test]
    fn names_count_in_the_digest_of_several_files() {
        let one = of_named(&[(b"a".to_vec(), [1; 32])]);
        assert_ne!(one, of_named(&[(b"b".to_vec(), [1; 32])]));
        assert_ne!(one, of_named(&[(b"a".to_vec(), [2; 32])]));
        assert_ne!(one, of_named(&[(b"a".to_vec(), [1; 32]), (b"b".to_vec(), [1; 32])]));
    }
}
