//! `ecert keys`.

mod told;

use std::process::ExitCode;

use anyhow::Context as _;
use seal::DocumentSealer;
use serde_json::json;

use crate::app::{self, App};
use crate::cli::Keys;
use crate::key_files::{Delivered, KeyFiles, moment_text, passphrase};
use crate::output::{answer, civil_minute, iso, one_line, table};
use crate::wiring;

/// `ecert keys …`
pub(crate) async fn run(app: &App, command: &Keys) -> anyhow::Result<ExitCode> {
    let keys = KeyFiles::new(app.home.keys());
    let shows = matches!(command, Keys::Show { .. });
    let made = match command {
        Keys::Init => {
            app.ensure_home()?;
            Some(keys.init(app::now())?)
        }
        Keys::Import { file, certificates, passphrase_file } => {
            app.ensure_home()?;
            let delivered = Delivered::read(file, certificates.as_deref())?;
            let file_of_passphrase = passphrase_file.as_deref().or(app.config.passphrase_file.as_deref());
            let passphrase = passphrase(file_of_passphrase)?;
            let sealer = keys
                .import(&delivered, passphrase.as_deref().map(String::as_str), app::now())
                .with_context(|| format!("{}: this signer is not taken", file.display()))?;
            let document = json!({
                "imported": sealer.key_id(), "signer": sealer.signer_name(), "valid_until": iso(sealer.valid_until()),
            });
            answer(app.json, &document, || {
                format!(
                    "the signer {} of {} signs from the next start of a worker on, until {}\n\
                     give its authority to verify.anchors in ecert.toml: until a way leads there, issuing waits, since nobody could verify the documents\n",
                    sealer.key_id(),
                    sealer.signer_name(),
                    civil_minute(sealer.valid_until())
                )
            })?;
            return Ok(ExitCode::SUCCESS);
        }
        Keys::Use { id, passphrase_file } => {
            app.home.require()?;
            let passphrase = passphrase(passphrase_file.as_deref().or(app.config.passphrase_file.as_deref()))?;
            let sealer = keys.choose(id, passphrase.as_deref().map(String::as_str), app::now())?;
            let document = json!({ "signer": sealer.key_id(), "valid_until": iso(sealer.valid_until()) });
            answer(app.json, &document, || {
                format!(
                    "the signer {} signs from the next start of a worker on, until {}\n",
                    sealer.key_id(),
                    civil_minute(sealer.valid_until())
                )
            })?;
            return Ok(ExitCode::SUCCESS);
        }
        Keys::Rotate { purpose, compromised } => {
            app.home.require()?;
            let (old, new) = keys.rotate(purpose, *compromised, app::now)?;
            return told::rotated(app, purpose, *compromised, &old, &new).await;
        }
        Keys::Revoke { id, passphrase_file } => {
            app.home.require()?;
            let passphrase = passphrase(passphrase_file.as_deref().or(app.config.passphrase_file.as_deref()))?;
            let revoked = keys.revoke(id, passphrase.as_deref().map(String::as_str), app::now())?;
            return told::revoked(app, &revoked).await;
        }
        Keys::Show { trust } => {
            app.home.require()?;
            if let Some(out) = trust {
                crate::out_file::write_whole(out, keys.trust_file(&wiring::anchors(app)?)?.as_bytes())?;
            }
            None
        }
    };
    // What is public is shown also where the signer cannot sign now: its successor is chosen by the ids below.
    let sealer = match keys.sealer(app::now(), app.config.passphrase_file.as_deref()) {
        Ok(sealer) => Ok(sealer),
        Err(error) if shows => Err(one_line(&error)),
        Err(error) => return Err(error),
    };
    let list = keys.list()?;
    let anchor = keys.anchor_pem()?;
    let document = json!({
        "created": made,
        "signer": sealer.as_ref().map(DocumentSealer::signer_name).ok(),
        "valid_until": sealer.as_ref().map(|sealer| iso(sealer.valid_until())).ok(),
        "signer_unusable": sealer.as_ref().err(),
        "trust_anchor": anchor.as_ref().map(|path| path.display().to_string()),
        "keys": list.iter().map(|key| json!({
            "purpose": key.purpose.as_str(), "id": key.id, "state": key.state, "since": key.since.map(moment_text), "file": key.file.display().to_string(),
        })).collect::<Vec<_>>(),
    });
    answer(app.json, &document, || {
        let mut text = match made {
            Some(true) => "a test authority and its keys were made, for trials: readers of PDF trust its documents only where they trust its anchor below\n".to_owned(),
            Some(false) => "there are keys already; they were kept\n".to_owned(),
            None => String::new(),
        };
        let (signer, until) = match &sealer {
            Ok(sealer) => (sealer.signer_name().to_owned(), civil_minute(sealer.valid_until())),
            Err(why) => (format!("cannot sign now: {why}"), "-".to_owned()),
        };
        text += &format!(
            "signer        {signer}\nvalid until   {until}\ntrust anchor  {}\n",
            anchor
                .as_ref()
                .map_or_else(|| "the signer's authority, as verify.anchors names it".to_owned(), |path| path.display().to_string())
        );
        let mut rows = vec![["purpose", "id", "state", "since", "file"].map(str::to_owned).to_vec()];
        rows.extend(list.iter().map(|key| {
            let since = key.since.map(moment_text).unwrap_or_else(|| "-".to_owned());
            vec![key.purpose.as_str().to_owned(), key.id.clone(), key.state.to_owned(), since, key.file.display().to_string()]
        }));
        text + &table(&rows)
    })?;
    Ok(ExitCode::SUCCESS)
}
