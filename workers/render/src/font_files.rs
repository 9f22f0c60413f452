//! Where fonts lie and how they are read: the only input or output of this crate.
//! Everything else receives the bytes.

use std::path::{Path, PathBuf};

use crate::font::FontData;

/// One font file and the face wanted from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFile {
    /// The file (TrueType, OpenType or a collection of them).
    pub path: PathBuf,
    /// Index of the face in a collection, else 0.
    pub face: u32,
}

/// The fonts of the page in the order in which a character looks for a glyph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontPaths {
    /// In fallback order; the first one sets the look of the page.
    pub chain: Vec<FontFile>,
}

/// Why a font could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FontFilesError {
    /// The file does not exist; `remedy` names the Debian package that brings it, where one is known.
    #[error("font {} is missing: {remedy}", path.display())]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
        /// What to do about it.
        remedy: String,
    },
    /// The path is that of a folder.
    #[error("font {} is a folder: name a font file in it", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The file exists and cannot be read.
    #[error("font {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
}

const NOTO_SERIF: &str = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc";
/// The face of Simplified Chinese forms in the Noto Serif CJK collection.
const NOTO_SERIF_SC_FACE: u32 = 2;
const HANAMIN_A: &str = "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf";
const HANAMIN_B: &str = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf";
const BABELSTONE: &str = "/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf";

const PACKAGES: [(&str, &str); 3] =
    [("NotoSerifCJK", "fonts-noto-cjk"), ("HanaMin", "fonts-hanazono"), ("BabelStoneHan", "fonts-babelstone-han")];

impl FontPaths {
    /// The fonts where Debian and Ubuntu install them: Noto Serif CJK SC, HanaMinA, HanaMinB, and BabelStone Han
    /// (extensions G and H) where it is installed.
    pub fn debian() -> FontPaths {
        let file = |path: &str, face| FontFile { path: PathBuf::from(path), face };
        let mut chain = vec![file(NOTO_SERIF, NOTO_SERIF_SC_FACE), file(HANAMIN_A, 0), file(HANAMIN_B, 0)];
        if Path::new(BABELSTONE).is_file() {
            chain.push(file(BABELSTONE, 0));
        }
        FontPaths { chain }
    }

    /// Reads the fonts one by one in their order, each when it is asked for: together their files are far larger than what is kept.
    pub(crate) fn fonts(&self) -> impl Iterator<Item = Result<FontData, FontFilesError>> {
        self.chain.iter().map(FontFile::read)
    }
}

impl FontFile {
    fn read(&self) -> Result<FontData, FontFilesError> {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned();
        if self.path.is_dir() {
            return Err(FontFilesError::Folder { path: self.path.clone() });
        }
        let bytes = std::fs::read(&self.path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::NotFound {
                FontFilesError::Missing { path: self.path.clone(), remedy: remedy(&name) }
            } else {
                FontFilesError::Unreadable { path: self.path.clone(), source }
            }
        })?;
        Ok(FontData { name: self.path.display().to_string(), bytes, face: self.face })
    }
}

fn remedy(file_name: &str) -> String {
    match PACKAGES.iter().find(|(prefix, _)| file_name.starts_with(prefix)) {
        Some((_, package)) => format!("install the package {package}"),
        None => "check the configured font path".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_font_names_its_debian_package() {
        for (file, package) in [
            ("NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
            ("HanaMinA.ttf", "fonts-hanazono"),
            ("HanaMinB.ttf", "fonts-hanazono"),
            ("BabelStoneHan.ttf", "fonts-babelstone-han"),
            ("Other.ttf", "configured font path"),
        ] {
            let paths = FontPaths { chain: vec![FontFile { path: Path::new("/nonexistent").join(file), face: 0 }] };
            let message = paths.fonts().next().unwrap().unwrap_err().to_string();
            assert!(message.contains(package), "{message}");
            assert!(message.contains(file), "{message}");
        }
    }

    #[test]
    fn a_folder_in_place_of_a_font_is_told_as_one() {
        let paths = FontPaths { chain: vec![FontFile { path: std::env::temp_dir(), face: 0 }] };
        assert!(matches!(paths.fonts().next(), Some(Err(FontFilesError::Folder { .. }))));
    }
}
