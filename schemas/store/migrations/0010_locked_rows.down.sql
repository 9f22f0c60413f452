alter table intake_row drop column locked;
