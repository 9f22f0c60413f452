-- Known certificates whose printed facts changed; the event is written with their move. What a delivery leaves empty, or has no column for, stays.
update certificate c
set number_printed = r.number_printed, number_year = coalesce(r.number_year, c.number_year), employer_id = coalesce(e.id, c.employer_id),
    category = coalesce(r.category, c.category), duty = coalesce(r.duty, c.duty), first_issued_on = coalesce(r.first_issued_on, c.first_issued_on),
    issued_on = coalesce(r.issued_on, case when r.issued_on_printed is null then c.issued_on end),
    issued_on_printed = coalesce(r.issued_on_printed, case when r.issued_on is null then c.issued_on_printed end),
    valid_from = coalesce(r.valid_from, c.valid_from), valid_until = coalesce(r.valid_until, c.valid_until), revision = c.revision + 1, delivered_as_of = $3, updated_at = now()
from intake_row r
left join employer e on (e.match_key, e.code) = (r.employer_key, coalesce(r.employer_code, ''))
where r.batch_id = $1 and r.row_no = any ($4) and c.kind = $2 and c.number = r.number and c.delivered_as_of <= $3
