//! Tests of the object store in a folder, and of the addresses of buckets.

use std::time::Duration;
use std::time::SystemTime;

use super::*;

fn store() -> (tempfile::TempDir, Objects) {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::in_folder(folder.path().join("objects"));
    (folder, objects)
}

fn set_written(objects: &Objects, key: &str, written: SystemTime) {
    File::options().write(true).open(objects.location(key)).unwrap().set_modified(written).unwrap();
}

#[tokio::test]
async fn an_object_is_found_again_by_its_digest_and_written_once() {
    let (folder, objects) = store();
    let first = objects.write_all(Area::Documents, [b"one".to_vec(), b"two".to_vec()]).await.unwrap();
    let again = objects.write_all(Area::Documents, [b"one".to_vec()]).await.unwrap().remove(0);
    assert_eq!(Stored { existed: true, ..first[0].clone() }, again);
    assert_eq!(objects.read(&again.key, &again.sha256).await.unwrap(), b"one".as_slice());
    let wanted = first.iter().map(|stored| (stored.key.clone(), stored.sha256.to_vec()));
    assert_eq!(objects.read_all(wanted).await.unwrap(), [b"one".as_slice(), b"two"]);
    let beside = fs::read_dir(Path::new(&objects.location(&again.key)).parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "nothing unfinished is left");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(folder.path().join("objects")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_file_is_stored_under_the_digest_that_was_seen_or_not_at_all() {
    let (folder, objects) = store();
    let path = folder.path().join("delivery.csv");
    let content = vec![b'x'; 3 * PIECE + 1];
    fs::write(&path, &content).unwrap();
    let stored = objects.write_file(Area::Intake, &path, &Sha256::digest(&content).into()).await.unwrap();
    assert_eq!(stored.size_bytes, content.len() as u64);
    assert_eq!(fs::read(objects.as_file(&stored.key).await.unwrap().path()).unwrap(), content);
    let refused = objects.write_file(Area::Intake, &path, &[7; 32]).await.unwrap_err();
    assert!(matches!(refused, ObjectError::Changed(_)), "{refused}");
    assert!(!objects.is_there(&Area::Intake.key(&[7; 32])).await.unwrap());
    assert!(objects.is_there(&stored.key).await.unwrap());
}

#[tokio::test]
async fn an_object_that_is_written_again_is_not_old_any_more_and_is_not_removed() {
    let (_folder, objects) = store();
    let stored = objects.write_all(Area::Documents, [b"one".to_vec(), b"two".to_vec()]).await.unwrap();
    stored.iter().for_each(|object| set_written(&objects, &object.key, SystemTime::UNIX_EPOCH));
    let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    let old = async |of: &Stored| objects.untouched_since(Area::Documents, of.sha256[0], before).await.unwrap();
    assert_eq!((old(&stored[0]).await, old(&stored[1]).await), (vec![stored[0].sha256], vec![stored[1].sha256]));
    objects.write_all(Area::Documents, [b"one".to_vec()]).await.unwrap();
    assert_eq!((old(&stored[0]).await, old(&stored[1]).await), (Vec::new(), vec![stored[1].sha256]));
    let removed = async |of: &Stored, dry_run| objects.remove_untouched(Area::Documents, &of.sha256, before, dry_run).await.unwrap();
    assert_eq!((removed(&stored[0], false).await, removed(&stored[1], true).await, removed(&stored[1], false).await), (0, 1, 1));
    assert!(objects.is_there(&stored[0].key).await.unwrap() && !objects.is_there(&stored[1].key).await.unwrap());
    assert_eq!(removed(&stored[1], false).await, 0);
    assert!(objects.untouched_since(Area::StatusLists, 0, before).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_killed_process_left_is_removed_after_its_time_and_nothing_else() {
    let (_folder, objects) = store();
    let (then, day) = (SystemTime::UNIX_EPOCH, Duration::from_secs(86_400));
    let stored = objects.write_all(Area::Photos, [b"whole".to_vec()]).await.unwrap().remove(0);
    set_written(&objects, &stored.key, then);
    for (number, written) in [(1, then), (2, then + day)] {
        let unfinished = format!("{}#{number}", stored.key);
        fs::write(objects.location(&unfinished), b"who").unwrap();
        set_written(&objects, &unfinished, written);
    }
    let clear = |dry_run| objects.clear_unfinished(Area::Photos, stored.sha256[0], then + day, dry_run).unwrap();
    assert_eq!((clear(true), clear(false), clear(false)), (1, 1, 0));
    assert!(Path::new(&objects.location(&stored.key)).exists() && Path::new(&objects.location(&format!("{}#2", stored.key))).exists());
    assert_eq!(objects.clear_unfinished(Area::Documents, 0, then + day, false).unwrap(), 0);
}

#[tokio::test]
async fn a_half_written_object_is_replaced_and_a_damaged_one_is_not_handed_out() {
    let (_folder, objects) = store();
    let stored = objects.write_all(Area::Portraits, [b"portrait".to_vec()]).await.unwrap().remove(0);
    fs::write(objects.location(&stored.key), b"").unwrap();
    assert!(matches!(objects.read(&stored.key, &stored.sha256).await, Err(ObjectError::Damaged(_))));
    objects.write_all(Area::Portraits, [b"portrait".to_vec()]).await.unwrap();
    assert_eq!(objects.read(&stored.key, &stored.sha256).await.unwrap(), b"portrait".as_slice());
}

#[tokio::test]
async fn a_refusal_names_the_object_and_the_system_s_word_once() {
    let (_folder, objects) = store();
    let missing = objects.read("photos/ab/cd/x.original", &[0; 32]).await.unwrap_err();
    let told = format!("{:#}", anyhow::Error::from(missing));
    assert!(told.starts_with("cannot read /") && told.ends_with("x.original: No such file or directory (os error 2)"), "{told}");
}

#[test]
fn an_address_that_is_none_and_settings_that_cannot_be_are_refused() {
    let at = |url: &str, settings: &[(&str, &str)]| {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Objects::in_bucket(url, settings, PathBuf::from("scratch")).map(|objects| objects.location("a/b"))
    };
    for url in ["", "s3://", "s3:///folder", "file:///tmp", "http://bucket", "s3://a b", "s3://bucket/a//b"] {
        assert!(matches!(at(url, &[]), Err(ObjectError::Address(_))), "{url}");
    }
    assert_eq!(at("s3://bucket/", &[]).unwrap(), "s3://bucket/a/b");
    assert_eq!(at("s3://bucket/ecert", &[("HOME", "/"), ("AWS_REGION", "cn-north-1")]).unwrap(), "s3://bucket/ecert/a/b");
    assert!(matches!(at("s3://bucket", &[("AWS_ALLOW_HTTP", "perhaps")]), Err(ObjectError::Settings(..))));
}

#[tokio::test]
async fn a_bucket_elsewhere_without_a_key_is_told_at_its_first_use() {
    let elsewhere = ("AWS_ENDPOINT".to_owned(), "http://127.0.0.1:9".to_owned());
    let key = ("AWS_ACCESS_KEY_ID".to_owned(), "key".to_owned());
    let no_secret = ("AWS_SECRET_ACCESS_KEY".to_owned(), String::new());
    for settings in [vec![elsewhere.clone()], vec![elsewhere, key, no_secret]] {
        let objects = Objects::in_bucket("s3://bucket", settings, PathBuf::from("scratch")).unwrap();
        let refused = objects.is_there("a/b").await.unwrap_err();
        assert!(refused.to_string().contains("AWS_SECRET_ACCESS_KEY"), "{refused}");
    }
}
