//! Which handlers a worker process has, and what they work with.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use domain::kind::Kind;
use render::{Assets, FontFile, FontPaths};
use seal::qr::SignedCode;
use store::job_kinds;
use store::pool::PgPool;
use workers::adapter::Holder;
use workers::crash::CrashDrill;
use workers::issue_certificates::IssueCertificates;
use workers::issuer::Issuer;
use workers::publish_status_list::PublishStatusList;
use workers::review_photos::ReviewPhotos;
use workers::run::Handler;
use workers::step_times::StepTimes;

use crate::app::{self, App};
use crate::key_files::KeyFiles;
use crate::pem_blocks::blocks;

/// Every queue that a worker can serve.
pub(crate) const QUEUES: [&str; 6] = [
    job_kinds::IMPORT_CERTIFICATES,
    job_kinds::IMPORT_RECORDS,
    job_kinds::IMPORT_PHOTOS,
    job_kinds::REVIEW_PHOTOS,
    job_kinds::ISSUE_CERTIFICATES,
    job_kinds::PUBLISH_STATUS_LIST,
];

/// The handlers of imports.
pub(crate) fn import_handlers(app: &App, pool: &PgPool) -> Vec<Handler> {
    let today = Arc::new(app::today);
    vec![
        Arc::new(ingest::import_certificates::ImportCertificates {
            pool: pool.clone(),
            objects: app.objects(),
            settings: app.settings(),
            today: today.clone(),
            step: app.config.work.import_chunk as usize,
        }),
        Arc::new(ingest::import_records::ImportRecords {
            pool: pool.clone(),
            objects: app.objects(),
            settings: app.settings(),
            today: today.clone(),
            step: app.config.work.import_chunk as usize,
        }),
        Arc::new(ingest::import_photos::ImportPhotos { pool: pool.clone(), objects: app.objects(), today }),
    ]
}

/// The handler of photo reviews.
pub(crate) fn review_handler(app: &App, pool: &PgPool) -> Handler {
    Arc::new(ReviewPhotos {
        pool: pool.clone(),
        objects: app.objects(),
        clock: app::clock(),
        legacy: app.config.photos.legacy.clone(),
        upload: app.config.photos.upload.clone(),
    })
}

/// The handler of issuing, or the reason for which issuing has to wait.
pub(crate) fn issue_handler(
    app: &App,
    pool: &PgPool,
    drill: CrashDrill,
    randomised_keys: bool,
    times: &Arc<StepTimes>,
) -> anyhow::Result<Handler> {
    let issuer = Arc::new(issuer(app, randomised_keys)?);
    let (pool, times) = (pool.clone(), Arc::clone(times));
    Ok(Arc::new(IssueCertificates { pool, objects: app.objects(), issuer, clock: app::clock(), drill, times }))
}

/// The handler that publishes status lists, or the reason for which they have to wait.
pub(crate) fn status_list_handler(app: &App, pool: &PgPool) -> anyhow::Result<Handler> {
    let keys = KeyFiles::new(app.home.keys());
    if !keys.present() {
        anyhow::bail!("{}", keys.missing());
    }
    let lists = &app.config.status_lists;
    Ok(Arc::new(PublishStatusList {
        pool: pool.clone(),
        objects: app.objects(),
        signer: keys.status_signer()?,
        base: app.config.verify.base.clone(),
        settings: app.settings(),
        clock: app::clock(),
        fresh: time::Duration::minutes(i64::from(lists.fresh_minutes)),
        valid: time::Duration::hours(i64::from(lists.valid_hours)),
    }))
}

/// The authorities that this home trusts: its own, and those of the configuration.
pub(crate) fn anchors(app: &App) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut anchors: Vec<Vec<u8>> = KeyFiles::new(app.home.keys()).anchor()?.into_iter().collect();
    for path in &app.config.verify.anchors {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}, which verify.anchors names", path.display()))?;
        let blocks = blocks(&text).with_context(|| format!("{} is no PEM file of certificates", path.display()))?;
        anchors.extend(blocks.into_iter().filter(|(label, _)| label == "CERTIFICATE").map(|(_, der)| der));
    }
    Ok(anchors)
}

/// The fonts of the configuration.
pub(crate) fn font_paths(app: &App) -> FontPaths {
    FontPaths { chain: app.config.fonts.iter().map(|font| FontFile { path: font.path.clone(), face: font.face }).collect() }
}

fn issuer(app: &App, randomised_keys: bool) -> anyhow::Result<Issuer> {
    let mut keys = KeyFiles::new(app.home.keys());
    if randomised_keys {
        keys = keys.randomised();
    }
    if !keys.present() {
        anyhow::bail!("{}", keys.missing());
    }
    let in_use = keys.in_use();
    let sealer = keys.sealer(app::now(), app.config.passphrase_file.as_deref())?;
    let assets = Assets::read(&font_paths(app)).context("prepare fonts and template")?;
    if !sealer.leads_to(&anchors(app)?, app::now()) {
        anyhow::bail!(
            "no trusted authority stands above the signer, so nobody could verify its documents; give the authority's certificate to \
             `verify.anchors` in ecert.toml, and import the signer together with the certificates between"
        );
    }
    let code = Arc::new(SignedCode(keys.qr_signer()?));
    let type_codes = Kind::ALL.iter().filter_map(|kind| Some((*kind, app.config.type_code(*kind)?.to_owned()))).collect();
    Ok(Issuer {
        assets: Arc::new(assets),
        sealer,
        code,
        qr_base: app.config.verify.base.clone(),
        settings: app.settings(),
        is_current: Box::new(move || keys.in_use() == in_use),
        type_codes,
    })
}

/// Who holds the leases of this process: unique per start.
pub(crate) fn holder(app: &App) -> Holder {
    Holder { worker: app.worker.clone(), lease: Duration::from_secs(u64::from(app.config.work.lease_seconds)) }
}
