with delivered as (
    -- In the order of the delivery: of two photos of one person the later one is the newer.
    select distinct on (id_kind, id_number, sha256) *
    from unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::bigint[], $8::text[])
         with ordinality as d (file_name, id_kind, id_number, sha256, key, size_bytes, policy, place)
    order by id_kind, id_number, sha256, place
), put as (
    insert into photo (batch_id, file_name, id_kind, id_number, person_id, original_sha256, original_key, size_bytes, policy)
    select $1, d.file_name, d.id_kind, d.id_number, p.id, d.sha256, d.key, d.size_bytes, d.policy
    from delivered d
    left join person p on (p.id_kind, p.id_number) = (d.id_kind, d.id_number)
    order by d.place
    on conflict (id_kind, id_number, original_sha256) where state <> 'withdrawn' do nothing
    returning id, id_kind, id_number, original_sha256, person_id
)
select id as "id!: PhotoId", id_kind as "id_kind!", id_number as "id_number!", original_sha256 as "sha256!",
       person_id as "person: PersonId", true as "new!"
from put
union all
select f.id, f.id_kind, f.id_number, f.original_sha256, f.person_id, false
from delivered d
join photo f on (f.id_kind, f.id_number, f.original_sha256) = (d.id_kind, d.id_number, d.sha256) and f.state <> 'withdrawn'
