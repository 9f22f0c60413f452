//! The arguments of `ecert keys`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a test authority with document, QR and status keys; keeps keys that are there
    Init,
    /// Bring in the signer that an authority handed out: PKCS#12, or a PKCS#8 key with its certificates. It signs from the next start
    /// of a worker on; the passphrase comes from a file or from ECERT_PASSPHRASE
    Import {
        /// A PKCS#12 file, or with --certificates a PKCS#8 key in PEM or DER
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// PEM file of the key's certificate and those above it, where FILE is a PKCS#8 key
        #[arg(long, value_name = "FILE.pem")]
        certificates: Option<PathBuf>,
        /// File that holds the passphrase
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Make an imported signer the one that signs, from the next start of a worker on
    Use {
        /// The key's id or the signer's name, as `keys show` lists them
        #[arg(value_name = "ID")]
        id: String,
        /// File that holds the passphrase
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Replace the key of QR codes or of status lists by a new one. Of the old one its public half stays: what it signed up to now
    /// verifies. Workers that run sign nothing with the old key any more; start them anew
    Rotate {
        /// Which key
        #[arg(value_parser = ["qr", "status"])]
        purpose: String,
        /// Others may have the old key: nothing that it signed is believed any more
        #[arg(long)]
        compromised: bool,
    },
    /// Believe nothing any more that a key signed: a retired one of codes or lists, or a signer of documents that is not the current one
    Revoke {
        /// The key's id or the signer's name, as `keys show` lists them
        #[arg(value_name = "ID")]
        id: String,
        /// File that holds the passphrase of an imported signer
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Which keys there are; never shows a private key
    Show {
        /// Write what others need to verify without asking: the trust anchor and the public keys of codes and lists, with those that are
        /// retired or revoked
        #[arg(long, value_name = "FILE.pem")]
        trust: Option<PathBuf>,
    },
}
