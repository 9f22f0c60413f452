-- The certificates of the number, whoever holds them; of rows without a number the certificates of the person.
with wanted as (
    select *
    from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) as w (row, number, kind, id_kind, id_number)
)
select w.row as "row!", c.id as "certificate!: CertificateId", c.number as "number!", p.id as "person!: PersonId", p.name as "name!",
       p.id_kind as "id_kind!", p.id_number as "id_number!"
from wanted w
join certificate c on c.number = w.number and c.kind = coalesce(w.kind, c.kind) and $6 in ('', c.kind)
join person p on p.id = c.person_id
union all
select w.row, c.id, c.number, p.id, p.name, p.id_kind, p.id_number
from wanted w
join person p on p.id_number = w.id_number and p.id_kind = w.id_kind
join certificate c on c.person_id = p.id and $6 in ('', c.kind)
where w.number is null
order by 1, 2
