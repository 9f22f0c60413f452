//! What somebody looks like: chance decides within what goes together.

use crate::dice::Dice;
use crate::portrait::canvas::Ink;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hair {
    SideParting,
    Cropped,
    Swept,
    Fringe,
    Receding,
    LongStraight,
    Bob,
    TiedBack,
    Waves,
    Bun,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clothes {
    SuitAndTie,
    SuitOpenCollar,
    WorkJacket,
    PoloShirt,
    RoundNeck,
    BlazerAndBlouse,
    BlazerAndTop,
    Blouse,
}

#[cfg(test)]
impl Hair {
    /// All of them, men's first.
    pub(crate) const ALL: [Hair; 10] = [
        Hair::SideParting,
        Hair::Cropped,
        Hair::Swept,
        Hair::Fringe,
        Hair::Receding,
        Hair::LongStraight,
        Hair::Bob,
        Hair::TiedBack,
        Hair::Waves,
        Hair::Bun,
    ];
}

#[cfg(test)]
impl Clothes {
    pub(crate) const ALL: [Clothes; 8] = [
        Clothes::SuitAndTie,
        Clothes::SuitOpenCollar,
        Clothes::WorkJacket,
        Clothes::PoloShirt,
        Clothes::RoundNeck,
        Clothes::BlazerAndBlouse,
        Clothes::BlazerAndTop,
        Clothes::Blouse,
    ];
}

/// A person to be drawn. Lengths are in pixels of the board.
#[derive(Debug, Clone)]
pub(crate) struct Sitter {
    pub(crate) is_woman: bool,
    /// 0 is thirty years old, 1 is near retirement.
    pub(crate) age: f32,
    pub(crate) ground: [Ink; 2],
    pub(crate) skin: Ink,
    pub(crate) hair_ink: Ink,
    pub(crate) hair: Hair,
    pub(crate) clothes: Clothes,
    pub(crate) cloth: Ink,
    pub(crate) accent: Ink,
    /// Half the width of the face at the cheeks.
    pub(crate) cheek: f32,
    /// Half the width at the jaw.
    pub(crate) jaw: f32,
    /// Half the width of the chin.
    pub(crate) chin_width: f32,
    /// Height of the chin on the board.
    pub(crate) chin: f32,
    pub(crate) eye_apart: f32,
    pub(crate) eye_width: f32,
    pub(crate) eye_height: f32,
    pub(crate) eye_tilt: f32,
    pub(crate) has_crease: bool,
    pub(crate) brow_weight: f32,
    pub(crate) brow_arch: f32,
    pub(crate) nose_width: f32,
    pub(crate) nose_tip: f32,
    pub(crate) mouth_width: f32,
    pub(crate) smile: f32,
    pub(crate) lip_ink: Ink,
    pub(crate) glasses: Option<Ink>,
    /// How far the hair stands off the skull.
    pub(crate) volume: f32,
    /// The side of the parting: −1 or 1.
    pub(crate) side: f32,
    pub(crate) stance: Stance,
}

/// Where somebody sits before the camera: no two photos of a studio have the head at the same place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stance {
    /// The size beside the common one.
    pub(crate) size: f32,
    /// Pixels to the right of the middle.
    pub(crate) right: f32,
    /// Pixels below the common place.
    pub(crate) down: f32,
}

impl Stance {
    /// In the middle, at the common size.
    pub(crate) const COMMON: Stance = Stance { size: 1.0, right: 0.0, down: 0.0 };
}

const SKINS: &[u32] = &[0xF6D7BE, 0xF1CDAF, 0xECC3A2, 0xE3B590, 0xD6A47C];
const HAIRS: &[u32] = &[0x1E1A1C, 0x261F1F, 0x2E2421, 0x3A2B25];
const DARK_CLOTH: &[u32] = &[0x262D3D, 0x2B2B31, 0x333B4C, 0x1F2F4A, 0x3D3A3F];
const WORK_CLOTH: &[u32] = &[0x2F4A6B, 0x4A565F, 0x375A5E, 0x5A4A3C, 0x3B4658];
const SOFT_CLOTH: &[u32] = &[0x7B8FA6, 0x8C6B6E, 0x5F7F78, 0xA87F5F, 0x6E678C, 0x4D6A8E, 0x9C565B];
const TIES: &[u32] = &[0x7C242E, 0x243F75, 0x3A4A55, 0x5C2F5A, 0x8A5A22];
const TOPS: &[u32] = &[0xF3F1EC, 0xE7EDF5, 0xF3E3E0, 0xDDE6DE];
const WHITES: &[[u32; 2]] = &[[0xFEFEFE, 0xF3F5F7], [0xFBFCFD, 0xEDF0F4], [0xFFFFFF, 0xFFFFFF]];
const BLUES: &[[u32; 2]] = &[[0x4D96E0, 0x438EDB], [0x5AA2E6, 0x4A93DC], [0x86BDEB, 0x74AEE2]];

/// Clothes and ground differ at least so much, in steps of brightness over the three channels.
const LEAST_APART: f32 = 100.0;

const FRAMES: &[u32] = &[0x202024, 0x4A3226, 0x5C636B, 0x2A3448];

impl Sitter {
    pub(crate) fn draw(is_woman: bool, dice: &mut Dice) -> Sitter {
        let age = dice.within(0.0, 1.0);
        let hair = if is_woman {
            dice.pick(&[Hair::LongStraight, Hair::Bob, Hair::TiedBack, Hair::TiedBack, Hair::Waves, Hair::Bun])
        } else if age > 0.55 {
            dice.pick(&[Hair::SideParting, Hair::Cropped, Hair::Receding, Hair::Swept, Hair::SideParting])
        } else {
            dice.pick(&[Hair::SideParting, Hair::Cropped, Hair::Swept, Hair::Fringe, Hair::Cropped])
        };
        let clothes = if is_woman {
            dice.pick(&[Clothes::BlazerAndBlouse, Clothes::BlazerAndTop, Clothes::Blouse, Clothes::RoundNeck, Clothes::WorkJacket])
        } else {
            dice.pick(&[
                Clothes::SuitAndTie,
                Clothes::SuitAndTie,
                Clothes::SuitOpenCollar,
                Clothes::WorkJacket,
                Clothes::WorkJacket,
                Clothes::PoloShirt,
                Clothes::RoundNeck,
            ])
        };
        let cloth = match clothes {
            Clothes::SuitAndTie | Clothes::SuitOpenCollar | Clothes::BlazerAndBlouse | Clothes::BlazerAndTop => dice.pick(DARK_CLOTH),
            Clothes::WorkJacket => dice.pick(WORK_CLOTH),
            Clothes::PoloShirt | Clothes::RoundNeck | Clothes::Blouse => dice.pick(SOFT_CLOTH),
        };
        let accent = match clothes {
            Clothes::SuitAndTie => dice.pick(TIES),
            Clothes::BlazerAndTop => *[TOPS, SOFT_CLOTH].concat().get(dice.below(TOPS.len() + SOFT_CLOTH.len())).unwrap_or(&TOPS[0]),
            Clothes::SuitOpenCollar
            | Clothes::WorkJacket
            | Clothes::PoloShirt
            | Clothes::RoundNeck
            | Clothes::BlazerAndBlouse
            | Clothes::Blouse => dice.pick(TOPS),
        };
        let ground = ground(Ink::new(cloth), dice);
        let grey = if age > 0.7 && !is_woman { dice.within(0.0, 0.45) } else { dice.within(0.0, 0.06) };
        let (wide, narrow) = if is_woman { (68.0, 63.0) } else { (74.0, 67.0) };
        let cheek = dice.within(narrow, wide);
        let jaw = cheek * if is_woman { dice.within(0.70, 0.80) } else { dice.within(0.79, 0.91) };
        Sitter {
            is_woman,
            age,
            ground,
            skin: skin(is_woman, dice),
            hair_ink: Ink::new(dice.pick(HAIRS)).mixed(Ink::new(0xA9A7A8), grey),
            hair,
            clothes,
            cloth: shaded(cloth, dice),
            accent: shaded(accent, dice),
            cheek,
            jaw,
            chin_width: jaw * dice.within(0.40, 0.56),
            chin: dice.within(269.0, 279.0),
            eye_apart: cheek * dice.within(0.455, 0.495),
            eye_width: dice.within(15.0, 17.2),
            eye_height: if is_woman { dice.within(6.4, 8.0) } else { dice.within(5.2, 6.8) },
            eye_tilt: dice.within(-0.2, 1.6),
            has_crease: dice.per_mille(600),
            brow_weight: if is_woman { dice.within(2.6, 4.0) } else { dice.within(4.2, 6.8) },
            brow_arch: if is_woman { dice.within(3.0, 6.0) } else { dice.within(1.0, 4.5) },
            nose_width: if is_woman { dice.within(11.5, 14.0) } else { dice.within(13.5, 17.0) },
            nose_tip: dice.within(213.0, 219.0),
            mouth_width: if is_woman { dice.within(21.0, 25.0) } else { dice.within(23.0, 28.5) },
            smile: dice.within(1.4, 4.4),
            lip_ink: Ink::new(if is_woman { dice.pick(&[0xC45F60, 0xB84F58, 0xC9736B]) } else { dice.pick(&[0xB97568, 0xAE6C5F]) }),
            glasses: dice.per_mille(260).then(|| Ink::new(dice.pick(FRAMES))),
            volume: if hair == Hair::Cropped { dice.within(8.0, 12.0) } else { dice.within(11.0, 18.0) },
            side: dice.pick(&[-1.0, 1.0]),
            stance: Stance { size: dice.within(0.94, 1.0), right: dice.within(-7.0, 7.0), down: dice.within(0.0, 9.0) },
        }
    }
}

/// A colour of cloth as one piece of it has it: a little darker or lighter than another.
fn shaded(colour: u32, dice: &mut Dice) -> Ink {
    Ink::new(colour).mixed(Ink::new(dice.pick(&[0x101010, 0xF0F0F0])), dice.within(0.0, 0.12))
}

/// The ground before which somebody in this cloth stands, from its top to its bottom: plain, and apart from the cloth.
fn ground(cloth: Ink, dice: &mut Dice) -> [Ink; 2] {
    let blue = dice.pick(BLUES).map(Ink::new);
    let is_white = dice.per_mille(550) || blue.iter().any(|ground| cloth.distance(*ground) < LEAST_APART);
    if is_white { dice.pick(WHITES).map(Ink::new) } else { blue }
}

/// Builders are tanned; offices are not.
fn skin(is_woman: bool, dice: &mut Dice) -> Ink {
    let (from, to) = if is_woman { (0, 4) } else { (1, SKINS.len()) };
    let first = Ink::new(SKINS[from + dice.below(to - from)]);
    first.mixed(Ink::new(dice.pick(SKINS)), dice.within(0.0, 0.35))
}
