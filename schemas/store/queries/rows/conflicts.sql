-- Rows that are held since they contradict another row or the register, each with what the register knows against it.
select r.row_no, r.line, r.number as "number!", r.name as "name!", r.id_kind as "id_kind!", r.id_number as "id_number!", r.birth_date,
       f.by_number as "by_number!", f.by_document as "by_document!", f.by_birth as "by_birth!",
       p.id as "person?: PersonId", p.name as "person_name?", p.id_kind as "person_id_kind?", p.id_number as "person_id_number?"
from intake_row r
join intake_batch b on b.id = r.batch_id
cross join lateral (
    select r.findings @> '[{"code": "number-of-two-people"}]' or r.findings @> '[{"code": "tie-of-number"}]' as by_number,
           r.findings @> '[{"code": "same-id-other-name"}]' as by_document,
           r.findings @> '[{"code": "same-name-birth-other-id"}]' as by_birth
) f
left join lateral (
    select k.id, k.name, k.id_kind, k.id_number
    from person k
    where f.by_number and k.id = (select c.person_id from certificate c where (c.number, c.kind) = (r.number, b.kind))
          and (k.id_number, k.id_kind) <> (r.id_number, r.id_kind)
       or f.by_document and (k.id_number, k.id_kind) = (r.id_number, r.id_kind) and k.name <> r.name
       or f.by_birth and (k.birth_date, k.name) = (r.birth_date, r.name) and (k.id_number, k.id_kind) <> (r.id_number, r.id_kind)
    order by k.id
    limit 1
) p on true
where r.batch_id = $1 and r.outcome = 'held' and r.number is not null and (f.by_number or f.by_document or f.by_birth)
order by r.row_no
