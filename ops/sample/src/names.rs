//! Names of people who do not exist, made of the characters that people in Shaanxi carry.

use crate::dice::Dice;
use crate::person::Sex;

/// Common surnames, the most frequent ones several times.
pub(crate) const SURNAMES: &[&str] = &[
    "王", "王", "王", "王", "李", "李", "李", "李", "张", "张", "张", "张", "刘", "刘", "刘", "陈", "陈", "杨", "杨", "赵", "赵", "黄",
    "周", "吴", "徐", "孙", "胡", "朱", "高", "高", "林", "何", "郭", "郭", "马", "马", "罗", "梁", "宋", "宋", "郑", "谢", "韩", "韩",
    "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏",
    "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金",
    "陆", "郝", "孔", "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵", "孟", "龙", "万", "段", "雷", "钱", "汤", "尹",
    "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文", "惠", "党", "同", "屈", "寇", "拓", "折", "欧阳", "上官", "令狐", "司马",
];

pub(crate) const MALE: &[&str] = &[
    "伟", "强", "磊", "军", "勇", "涛", "明", "超", "杰", "鹏", "浩", "亮", "健", "峰", "刚", "平", "辉", "波", "斌", "宇", "飞", "凯",
    "鑫", "旭", "龙", "林", "建", "国", "志", "文", "海", "永", "少", "新", "民", "学", "东", "晓", "宏", "振", "利", "德", "喜", "卫",
    "红", "立", "康", "远", "洋", "博", "虎", "双", "锋", "达", "涵", "琦", "瑞", "祥", "栋", "维", "兴", "忠", "义", "谦", "恒", "泽",
    "毅", "安", "渭", "岐", "秦", "岩", "朝", "培", "耀", "锐", "骁", "帆", "航", "凡",
];

pub(crate) const FEMALE: &[&str] = &[
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀", "燕", "玲", "桂", "英", "红", "云", "洁", "莉", "萍", "琴", "梅", "兰", "巧",
    "慧", "淑", "珍", "雪", "倩", "妮", "改", "香", "花", "春", "菊", "玉", "婷", "颖", "琳", "佳", "欣", "怡", "宁", "蕾", "雯", "瑶",
    "璐", "薇", "丹", "蓉", "茹", "晶", "阳", "悦", "楠", "蕊", "莹", "姝", "妍", "彤", "盼", "亚",
];

/// Characters that few fonts and few programs know; all of them survive GB18030.
const RARE: &[&str] = &["𬍛", "㛃", "䶮", "𠅤", "﨑", "喆", "堃", "燊", "昇", "翀", "甡", "骉", "赟", "𣲗", "𬬩", "㙓"];

pub(crate) const MINORITY_MALE: &[(&str, &str)] = &[
    ("买买提", "艾力"),
    ("吐尔逊", "热合曼"),
    ("玉素甫", "卡德尔"),
    ("巴图", "苏和"),
    ("阿迪力", "依明"),
    ("扎西", "多吉"),
    ("艾尼瓦尔", "赛买提"),
    ("哈力克", "吾守尔"),
];

pub(crate) const MINORITY_FEMALE: &[(&str, &str)] =
    &[("阿依古丽", "买买提"), ("古丽娜尔", "卡德尔"), ("热依汗", "艾山"), ("卓玛", "央金"), ("其其格", "巴图"), ("帕提古丽", "吐尔逊")];

/// The middle dot of names (U+00B7), the only one that is right (民委发〔2016〕33号).
pub(crate) const DOT: char = '·';

/// A name for a person of this sex.
pub(crate) fn draw(sex: Sex, dice: &mut Dice) -> String {
    if dice.per_mille(18) {
        let (given, father) = match sex {
            Sex::Male => dice.pick(MINORITY_MALE),
            Sex::Female => dice.pick(MINORITY_FEMALE),
        };
        return format!("{given}{DOT}{father}");
    }
    let given = match sex {
        Sex::Male => MALE,
        Sex::Female => FEMALE,
    };
    let mut name = dice.pick(SURNAMES).to_owned();
    let form = dice.below(1000);
    if form < 8 {
        name.push_str(dice.pick(RARE));
    } else if form < 16 {
        name.push_str(dice.pick(given));
        name.push_str(dice.pick(RARE));
    } else if form < 150 {
        name.push_str(dice.pick(given));
    } else {
        name.push_str(dice.pick(given));
        name.push_str(dice.pick(given));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_character_survives_gb18030() {
        let lists = [SURNAMES, MALE, FEMALE, RARE].concat().concat();
        let minorities = [MINORITY_MALE, MINORITY_FEMALE].concat();
        let text = minorities.iter().fold(lists, |text, (given, father)| format!("{text}{given}{DOT}{father}"));
        let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
        let (back, _, damaged) = encoding_rs::GB18030.decode(&bytes);
        assert!(!lossy && !damaged);
        let changed: Vec<_> = text.chars().zip(back.chars()).filter(|(a, b)| a != b).collect();
        assert!(changed.is_empty(), "{changed:?}");
    }

    #[test]
    fn given_characters_are_distinct_within_each_list() {
        for list in [MALE, FEMALE, RARE] {
            assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len());
        }
    }

    #[test]
    fn rare_and_minority_names_occur_among_two_thousand() {
        let names: Vec<String> = (0..2000).map(|at| draw(Sex::Female, &mut Dice::new(1, "name", at))).collect();
        assert!(names.iter().any(|name| name.contains(DOT)));
        assert!(names.iter().any(|name| RARE.iter().any(|rare| name.contains(rare))));
    }
}
