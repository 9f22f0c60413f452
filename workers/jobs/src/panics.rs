//! Where a job panicked. The message of a panic may hold a person's values, so it is neither written nor kept: its place is enough.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::{Mutex, Once, PoisonError};

use tokio::task::{Id, JoinError, try_id};

/// Places that nobody asks for are forgotten beyond this number.
const KEPT: usize = 64;

/// The places of panics, each with the task that panicked; none where a job runs outside of a task.
static PLACES: Mutex<VecDeque<(Option<Id>, String)>> = Mutex::new(VecDeque::new());

thread_local! {
    static IN_HANDLER: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the messages of jobs' panics out of the log, from the first call on. Panics elsewhere are told as before.
pub(crate) fn keep_messages_out() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| if is_of_a_job() { note(panic) } else { before(panic) }));
    });
}

/// Runs a step of a handler: a panic within is a job's.
pub(crate) fn in_handler<T>(step: impl FnOnce() -> T) -> T {
    struct Left(bool);
    impl Drop for Left {
        fn drop(&mut self) {
            IN_HANDLER.set(self.0);
        }
    }
    let _left = Left(IN_HANDLER.replace(true));
    step()
}

/// Where the handler that this task ran has just panicked.
pub(crate) fn place_of_this_task() -> String {
    place(try_id())
}

/// Where a blocking step panicked, when that is why it failed.
pub(crate) fn place_of_step(error: &anyhow::Error) -> Option<String> {
    let step = error.chain().find_map(|cause| cause.downcast_ref::<JoinError>())?;
    step.is_panic().then(|| place(Some(step.id())))
}

/// Blocking steps run on threads of the runtime, which bear its name.
fn is_of_a_job() -> bool {
    IN_HANDLER.get() || std::thread::current().name().is_some_and(|name| name.starts_with("tokio-"))
}

fn note(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), |place| format!("{}:{}", place.file(), place.line()));
    if !IN_HANDLER.get() {
        tracing::error!(panic.place = %place, "a step of a job panicked; its message is left out");
    }
    let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
    places.push_back((try_id(), place));
    if places.len() > KEPT {
        places.pop_front();
    }
}

fn place(task: Option<Id>) -> String {
    let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
    let at = places.iter().rposition(|(of, _)| *of == task);
    at.and_then(|at| places.remove(at)).map_or_else(|| "an unknown place".to_owned(), |(_, place)| place)
}
