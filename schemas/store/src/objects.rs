//! The object store: objects are named by their SHA-256 and never change. A local folder, or a bucket of S3-compatible storage.
//!
//! A chunk is written whole, then made durable by one sync of the file system; only then may a row announce it. A store of another kind
//! answers when an object is durable.

mod aged;
mod area;
mod error;

use std::fmt;
use std::fs::{self, File};
use std::future::Future;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt as _;

pub use self::area::{Area, Stored};
pub use self::error::{ObjectError, ServiceError};
use self::error::{of_file, of_object};

/// Objects of a chunk that are written to or read from a service at one time: enough to hide its answers, few enough for any memory.
const AT_ONCE: usize = 16;

/// Bytes of a large object that are read at one time.
const PIECE: usize = 1 << 20;

/// Where objects lie.
#[derive(Clone)]
pub struct Objects {
    place: Place,
    store: Arc<OnceLock<Arc<dyn ObjectStore>>>,
}

#[derive(Clone, Debug)]
enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and a folder of this machine for what must be a file while it is read.
    Bucket { url: String, scratch: PathBuf },
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objects({:?})", self.place)
    }
}

/// An object as a file of this machine; a copy of a service's object goes when this is dropped.
#[derive(Debug)]
pub struct ObjectFile {
    path: PathBuf,
    _copy: Option<tempfile::TempPath>,
}

impl ObjectFile {
    /// A file that is where it is and stays there.
    #[must_use]
    pub fn in_place(path: PathBuf) -> Self {
        Self { path, _copy: None }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Objects hold personal data: nobody else on the machine enters their folder.
fn create_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

impl Objects {
    /// The store in a folder, which is made when it is first used.
    #[must_use]
    pub fn in_folder(root: PathBuf) -> Self {
        Self { place: Place::Folder(root), store: Arc::default() }
    }

    /// The store in a bucket: `s3://BUCKET` or `s3://BUCKET/FOLDER`. The settings are those of S3's own programs, such as
    /// `AWS_ACCESS_KEY_ID`, `AWS_REGION` or `AWS_ENDPOINT`; others are passed over. Deliveries are copied to `scratch` while they are read.
    ///
    /// # Errors
    /// [`ObjectError::Address`], [`ObjectError::Settings`]; nothing is asked of the service yet. A service that is not Amazon's gives
    /// credentials to nobody: without a key of the caller's the first use ends with [`ObjectError::NoCredentials`].
    pub fn in_bucket(url: &str, settings: impl IntoIterator<Item = (String, String)>, scratch: PathBuf) -> Result<Self, ObjectError> {
        let no_address = || ObjectError::Address(url.to_owned());
        let named = url.strip_prefix("s3://").ok_or_else(no_address)?.trim_end_matches('/');
        let (bucket, folder) = named.split_once('/').unwrap_or((named, ""));
        let folder = Key::parse(folder).map_err(|_| no_address())?;
        if bucket.is_empty() || bucket.contains(|c: char| !(c.is_ascii_alphanumeric() || ".-_".contains(c))) {
            return Err(no_address());
        }
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        let (mut elsewhere, mut keys) = (false, 0);
        for (name, value) in settings.into_iter().filter(|(_, value)| !value.is_empty()) {
            elsewhere |= name.to_ascii_lowercase().starts_with("aws_endpoint");
            keys += usize::from(["aws_access_key_id", "aws_secret_access_key"].contains(&name.to_ascii_lowercase().as_str()));
            if let Ok(known) = name.to_ascii_lowercase().parse() {
                builder = builder.with_config(known, value);
            }
        }
        let place = Place::Bucket { url: url.trim_end_matches('/').to_owned(), scratch };
        // Half a key is none.
        if keys == 1 || elsewhere && keys == 0 {
            return Ok(Self { place, store: Arc::default() });
        }
        let store = builder.build().map_err(|error| ObjectError::Settings(url.to_owned(), error.into()))?;
        let store: Arc<dyn ObjectStore> = Arc::new(PrefixStore::new(store, folder));
        Ok(Self { place, store: Arc::new(store.into()) })
    }

    fn store(&self) -> Result<&dyn ObjectStore, ObjectError> {
        if let (Place::Folder(root), None) = (&self.place, self.store.get()) {
            create_folder(root).map_err(of_file("cannot create the folder", root.display().to_string()))?;
            let folder = LocalFileSystem::new_with_prefix(root).map_err(of_object("cannot open", root.display().to_string()))?;
            let _ = self.store.set(Arc::new(folder));
        }
        self.store.get().map(AsRef::as_ref).ok_or_else(|| ObjectError::NoCredentials(self.location("")))
    }

    /// Where an object lies, for people: its path or its address.
    #[must_use]
    pub fn location(&self, key: &str) -> String {
        match &self.place {
            Place::Folder(root) => root.join(key).display().to_string(),
            Place::Bucket { url, .. } => format!("{url}/{key}"),
        }
    }

    /// Writes a chunk of objects and makes all of them durable; the answer is in their order.
    ///
    /// # Errors
    /// The store's; objects written before the failure stay and are found again by their name.
    pub async fn write_all(&self, area: Area, contents: impl IntoIterator<Item: Into<Bytes>>) -> Result<Vec<Stored>, ObjectError> {
        let contents: Vec<Bytes> = contents.into_iter().map(Into::into).collect();
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let objects = self.clone();
        let root = self.root()?;
        let written = self.chunk(async move {
            let store = objects.store()?;
            let writing = contents.into_iter().map(|content| objects.write(store, area, content));
            futures::stream::iter(writing).buffered(objects.at_once()).try_collect().await
        });
        let stored: Vec<Stored> = written.await?;
        self.sync(root).await?;
        Ok(stored)
    }

    fn at_once(&self) -> usize {
        match &self.place {
            Place::Folder(_) => 1,
            Place::Bucket { .. } => AT_ONCE,
        }
    }

    /// Works through a chunk. That of a folder has a thread of its own outside the runtime, where the library reads and writes at once; within
    /// it every object would go to another thread and back, which takes longer and leaves each of many threads with memory of its own.
    async fn chunk<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, ObjectError>> + Send + 'static,
    ) -> Result<T, ObjectError> {
        let Place::Folder(root) = &self.place else { return work.await };
        let (done, outcome) = tokio::sync::oneshot::channel();
        let place = root.display().to_string();
        let begun =
            std::thread::Builder::new().name("objects".to_owned()).spawn(move || drop(done.send(futures::executor::block_on(work))));
        begun.map_err(of_file("cannot start a thread for", &place))?;
        outcome.await.unwrap_or_else(|_| Err(of_file("cannot work in", place)(io::Error::other("the thread ended early"))))
    }

    async fn write(&self, store: &dyn ObjectStore, area: Area, content: Bytes) -> Result<Stored, ObjectError> {
        let sha256: [u8; 32] = Sha256::digest(&content).into();
        let key = area.key(&sha256);
        let (path, size_bytes) = (Key::from(key.as_str()), content.len() as u64);
        let existed = match store.put_opts(&path, content.clone().into(), PutMode::Create.into()).await {
            Ok(_) => false,
            // Its name is its content: writing it again mends one that a power cut left half written, and whoever collects orphans sees
            // that it is wanted again.
            Err(object_store::Error::AlreadyExists { .. }) => {
                let again = store.put_opts(&path, content.into(), PutMode::Overwrite.into()).await;
                again.map_err(of_object("cannot write", self.location(&key)))?;
                true
            }
            Err(error) => return Err(of_object("cannot write", self.location(&key))(error)),
        };
        Ok(Stored { sha256, key, size_bytes, existed })
    }

    /// Copies a file into the store piece by piece, durable on return. Its digest is known from the look at it.
    ///
    /// # Errors
    /// The store's; [`ObjectError::Changed`] where the file is another one now: nothing is stored then.
    pub async fn write_file(&self, area: Area, file: &Path, sha256: &[u8; 32]) -> Result<Stored, ObjectError> {
        let (place, key) = (file.display().to_string(), area.key(sha256));
        let root = self.root()?;
        let mut content = tokio::fs::File::open(file).await.map_err(of_file("cannot open", &place))?;
        let upload = self.store()?.put_multipart(&Key::from(key.as_str())).await;
        let mut upload = WriteMultipart::new(upload.map_err(of_object("cannot write", self.location(&key)))?);
        let (mut hasher, mut size_bytes) = (Sha256::new(), 0_u64);
        loop {
            let mut piece = bytes::BytesMut::with_capacity(PIECE);
            let n = match content.read_buf(&mut piece).await {
                Ok(n) => n,
                Err(error) => {
                    let _ = upload.abort().await;
                    return Err(of_file("cannot read", place)(error));
                }
            };
            if n == 0 {
                break;
            }
            hasher.update(&piece);
            size_bytes += n as u64;
            upload.wait_for_capacity(AT_ONCE).await.map_err(of_object("cannot write", self.location(&key)))?;
            upload.put(piece.freeze());
        }
        if <[u8; 32]>::from(hasher.finalize()) != *sha256 {
            upload.abort().await.map_err(of_object("cannot give up", self.location(&key)))?;
            return Err(ObjectError::Changed(place));
        }
        upload.finish().await.map_err(of_object("cannot write", self.location(&key)))?;
        self.sync(root).await?;
        Ok(Stored { sha256: *sha256, key, size_bytes, existed: false })
    }

    /// Reads an object and checks it against its name.
    ///
    /// # Errors
    /// The store's, [`ObjectError::Damaged`] when its content is another.
    pub async fn read(&self, key: &str, sha256: &[u8]) -> Result<Bytes, ObjectError> {
        let found = self.store()?.get(&Key::from(key)).await.map_err(of_object("cannot read", self.location(key)))?;
        let content = found.bytes().await.map_err(of_object("cannot read", self.location(key)))?;
        if Sha256::digest(&content).as_slice() == sha256 { Ok(content) } else { Err(ObjectError::Damaged(key.to_owned())) }
    }

    /// Reads several objects, in their order, each checked against its name.
    ///
    /// # Errors
    /// As [`Self::read`]; the first one's.
    pub async fn read_all(&self, objects: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Vec<Bytes>, ObjectError> {
        let (wanted, store): (Vec<(String, Vec<u8>)>, Self) = (objects.into_iter().collect(), self.clone());
        let read = self.chunk(async move {
            let store = &store;
            let reading = wanted.into_iter().map(|(key, sha256)| async move { store.read(&key, &sha256).await });
            futures::stream::iter(reading).buffered(store.at_once()).try_collect().await
        });
        read.await
    }

    /// An object as a file, for what is read again and again in any order.
    ///
    /// # Errors
    /// The store's, or when the copy cannot be written.
    pub async fn as_file(&self, key: &str) -> Result<ObjectFile, ObjectError> {
        let scratch = match &self.place {
            Place::Folder(root) => return Ok(ObjectFile::in_place(root.join(key))),
            Place::Bucket { scratch, .. } => scratch,
        };
        let place = scratch.display().to_string();
        create_folder(scratch).map_err(of_file("cannot create the folder", &place))?;
        let (file, copy) = tempfile::NamedTempFile::new_in(scratch).map_err(of_file("cannot create a file in", &place))?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        let found = self.store()?.get(&Key::from(key)).await.map_err(of_object("cannot read", self.location(key)))?;
        let mut content = found.into_stream();
        while let Some(piece) = content.try_next().await.map_err(of_object("cannot read", self.location(key)))? {
            tokio::io::AsyncWriteExt::write_all(&mut file, &piece).await.map_err(of_file("cannot write in", &place))?;
        }
        tokio::io::AsyncWriteExt::flush(&mut file).await.map_err(of_file("cannot write in", &place))?;
        Ok(ObjectFile { path: copy.to_path_buf(), _copy: Some(copy) })
    }

    /// Whether there is an object under this key; its content is not looked at.
    ///
    /// # Errors
    /// The store's, when it cannot say.
    pub async fn is_there(&self, key: &str) -> Result<bool, ObjectError> {
        match self.store()?.head(&Key::from(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(of_object("cannot look for", self.location(key))(error)),
        }
    }

    /// The folder itself, opened before anything is written: a sync reports the errors of writing since then, also those that somebody
    /// else's sync met first (syncfs(2)).
    fn root(&self) -> Result<Option<File>, ObjectError> {
        self.store()?;
        let Place::Folder(root) = &self.place else { return Ok(None) };
        File::open(root).map(Some).map_err(of_file("cannot open", root.display().to_string()))
    }

    /// One sync for all that was written; a service has made it durable when it answered.
    async fn sync(&self, root: Option<File>) -> Result<(), ObjectError> {
        let Some(root) = root else { return Ok(()) };
        let synced = tokio::task::spawn_blocking(move || Ok(rustix::fs::syncfs(root)?)).await;
        synced
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
            .map_err(of_file("cannot sync the file system of", self.location("")))
    }
}

#[cfg(test)]
mod tests;
