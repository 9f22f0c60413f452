select r.batch_id as "batch: BatchId", r.row_no, r.sheet, r.line, r.outcome, r.findings, r.original as "original: Value",
       r.number, r.number_printed, r.number_year, r.category, r.specialties, r.name, r.id_kind, r.id_number, r.id_original,
       r.sex, r.birth_date, r.employer_name, r.employer_key, r.employer_code, r.duty, r.first_issued_on, r.issued_on,
       r.issued_on_printed, r.valid_from, r.valid_until, r.legal_status, r.phone, r.locked,
       -- The titles in force: the last ones above the row in its sheet. A row of a sheet without a header has none.
       case when r.findings @> '[{"code": "row-without-header"}]' then '[]' else
           coalesce((select known.titles from (
                         select h.row_no, h.original as titles from intake_row h
                         where h.batch_id = r.batch_id and h.row_no < r.row_no and h.sheet = r.sheet and h.outcome = 'dropped'
                           and h.findings @> '[{"code": "header-row"}]'
                         union all
                         select t.from_row - 1, to_json(t.titles) from intake_titles t
                         where t.batch_id = r.batch_id and t.from_row <= r.row_no and t.sheet = r.sheet) known
                     order by known.row_no desc limit 1),
                    (select to_json(f.titles) from intake_file f where f.batch_id = r.batch_id))
       end as "titles!: Value"
from intake_row r
where r.batch_id = $1 and r.row_no = $2
