update intake_row
set outcome = $3, findings = $4, superseded = false,
    number = $5, number_printed = $6, number_year = $7, category = $8, specialties = $9, name = $10, id_kind = $11, id_number = $12,
    id_original = $13, sex = $14, birth_date = $15, employer_name = $16, employer_key = $17, employer_code = $18, duty = $19,
    first_issued_on = $20, issued_on = $21, issued_on_printed = $22, valid_from = $23, valid_until = $24, legal_status = $25,
    phone = $26, request = $27, locked = $28
where batch_id = $1 and row_no = $2 and outcome = 'held'
