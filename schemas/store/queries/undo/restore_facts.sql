-- The facts of known certificates as they were before the batch; the revision goes on counting where they differ.
update certificate c
set number_printed = k.number_printed, number_year = k.number_year, employer_id = k.employer_id, category = k.category, duty = k.duty,
    first_issued_on = k.first_issued_on, issued_on = k.issued_on, issued_on_printed = k.issued_on_printed,
    valid_from = k.valid_from, valid_until = k.valid_until, delivered_as_of = k.delivered_as_of,
    revision = case when c.revision = k.revision then c.revision else c.revision + 1 end, updated_at = now()
from certificate_prior p, intake_batch b, jsonb_populate_record(null::certificate, p.content) k
where p.batch_id = $1 and b.id = $1 and c.id = p.certificate_id
  -- Where another delivery has spoken since, the day it spoke of stays, and its facts with it.
  and c.delivered_as_of = b.as_of
