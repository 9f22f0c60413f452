-- New business, or the end of known business.
insert into pending_business (number, certificate_id, business, filed_on, closed_on, state, batch_id, row_no)
select w.number, w.certificate_id, w.business, w.filed_on, w.closed_on, w.state, $1, w.row_no
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::date[], $7::date[], $8::text[])
     as w (row_no, certificate_id, number, business, filed_on, closed_on, state)
on conflict on constraint pending_number_unique do update
set closed_on = excluded.closed_on, state = excluded.state
where pending_business.closed_on is null and excluded.closed_on is not null
