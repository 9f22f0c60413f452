-- Whose certificate or holder the register knows, among the rows that may be merged.
insert into intake_known (batch_id, row_no, certificate_id, person_id)
select r.batch_id, r.row_no, c.id, p.id
from intake_row r
left join certificate c on (c.number, c.kind) = (r.number, $2)
left join person p on (p.id_number, p.id_kind) = (r.id_number, r.id_kind)
where r.batch_id = $1 and r.row_no > $3 and r.row_no <= $4
  and r.outcome in ('loaded', 'warned', 'held') and r.number is not null and (c.id is not null or p.id is not null)
