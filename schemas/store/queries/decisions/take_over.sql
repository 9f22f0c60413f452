-- Printed values as decided. What was known of the certificate until now is older than the decision.
update certificate c
set valid_from = coalesce(w.valid_from, c.valid_from),
    valid_until = case when w.extends then greatest(c.valid_until, w.valid_until) else coalesce(w.valid_until, c.valid_until) end,
    issued_on = coalesce(w.issued_on, c.issued_on),
    issued_on_printed = case when w.issued_on is null then c.issued_on_printed end,
    employer_id = coalesce(e.id, c.employer_id),
    duty = coalesce(w.duty, c.duty),
    revision = c.revision + w.prints::integer,
    decided_as_of = greatest(c.decided_as_of, w.decided_on, c.delivered_as_of),
    updated_at = now()
from unnest($1::bigint[], $2::date[], $3::boolean[], $4::date[], $5::date[], $6::date[], $7::boolean[], $8::text[], $9::text[], $10::text[])
     as w (id, decided_on, prints, issued_on, valid_from, valid_until, extends, employer_key, employer_code, duty)
left join employer e on (e.match_key, e.code) = (w.employer_key, coalesce(w.employer_code, ''))
where c.id = w.id
