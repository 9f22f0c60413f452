//! Who sits in the photo: the head, and the background behind it.

use crate::ground::Ground;
use crate::head::Head;
use crate::scene::Scene;

/// In pixels of the scene.
pub(crate) struct Sitter {
    pub(crate) head: Head,
    /// None where the head leaves nothing of the background.
    pub(crate) ground: Option<Ground>,
}

impl Sitter {
    /// None where no face was found.
    pub(crate) fn of(scene: &Scene, is_framed: bool) -> Option<Sitter> {
        let mut head = Head::of(scene.faces.main()?.frame);
        let ground = Ground::of(scene, &head, is_framed);
        head.seen_crown = ground.as_ref().and_then(|ground| ground.crown(scene, &head));
        Some(Sitter { head, ground })
    }
}
