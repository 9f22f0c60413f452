-- Known certificates whose printed facts changed; the event is written with their move.
update certificate c
set number_printed = r.number_printed, number_year = r.number_year, employer_id = e.id, category = r.category, duty = r.duty,
    first_issued_on = r.first_issued_on, issued_on = r.issued_on, issued_on_printed = r.issued_on_printed,
    valid_from = r.valid_from, valid_until = r.valid_until, revision = c.revision + 1, delivered_as_of = $3, updated_at = now()
from intake_row r
left join employer e on (e.match_key, e.code) = (r.employer_key, coalesce(r.employer_code, ''))
where r.batch_id = $1 and r.row_no = any ($4) and c.kind = $2 and c.number = r.number and c.delivered_as_of <= $3
