-- The holders of these rows, where they were entered since the register was asked.
insert into intake_known (batch_id, row_no, person_id)
select r.batch_id, r.row_no, p.id
from unnest($2::bigint[]) as s (row_no)
join intake_row r using (row_no)
join person p on (p.id_number, p.id_kind) = (r.id_number, r.id_kind)
where r.batch_id = $1 and r.outcome in ('loaded', 'warned') and not r.superseded and r.number is not null
on conflict (batch_id, row_no) do update set person_id = excluded.person_id
