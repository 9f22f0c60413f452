-- Photos of other persons that show the same picture: the very file, or one that looks alike.
with alike as (
    -- Of a picture that stands for thousands, such as a blank silhouette, a few are enough to tell.
    select m.id as photo, o.id as other, true as same_file, null::bytea as mine, null::bytea as theirs
    from photo m cross join lateral (
        select f.id from photo f
        where f.original_sha256 = m.original_sha256 and (f.id_kind, f.id_number) <> (m.id_kind, m.id_number) and f.state not in ('withdrawn', 'rejected')
        limit 20) o
    where m.id = any ($1)
    union all
    select m.photo_id, o.photo_id, false, m.likeness, o.likeness
    from photo_likeness m cross join lateral (
        select l.photo_id, l.likeness from photo_likeness l
        where l.keys && m.keys and l.photo_id <> m.photo_id and likeness_distance(m.likeness, l.likeness) <= $2
        limit 200) o
    where m.photo_id = any ($1)
)
select a.photo as "photo!: PhotoId", o.id as "other: PhotoId", o.person_id as "person: PersonId", a.same_file as "same_file!", a.mine, a.theirs,
       -- Approved by the checks alone and on no certificate yet: the approval can be taken back.
       (o.state = 'approved'
        and not exists (select from photo_review r where r.photo_id = o.id and r.case_id is not null and r.decision = 'approved')
        and not exists (select from issue_order i join certificate c on c.id = i.certificate_id
                        where c.person_id = o.person_id and i.portrait_sha256 = o.portrait_sha256
                              and not exists (select from order_closure x where x.order_id = i.id))) as "open!"
from alike a
join photo m on m.id = a.photo
join photo o on o.id = a.other
where o.state not in ('withdrawn', 'rejected') and (o.id_kind, o.id_number) <> (m.id_kind, m.id_number)
order by a.photo, o.id
