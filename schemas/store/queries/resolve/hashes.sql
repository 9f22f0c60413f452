-- What rows may share, as hashes: number, document, name with birth date. Read by COPY; $1 is written in as a number.
select row_no, hashtextextended(number, 0), hashtextextended(id_number, 0),
       hashtextextended(name, birth_date - date '1900-01-01')
from intake_row
where batch_id = $1 and outcome in ('loaded', 'warned', 'held')
