-- The other rows of a batch that speak of a row's number, of its document, or of its name and birth date.
select row_no, sheet, line, outcome, number as "number!", name as "name!", id_kind as "id_kind!", id_number as "id_number!",
       number = $3 as "same_number!", (id_number, id_kind) = ($4, $5) as "same_document!",
       coalesce((name, birth_date) = ($6, $7), false) as "same_name_and_birth!"
from intake_row
where batch_id = $1 and row_no <> $2 and number is not null and outcome <> 'rejected'
  and (number = $3 or (id_number, id_kind) = ($4, $5) or (name, birth_date) = ($6, $7))
order by row_no
limit 20
