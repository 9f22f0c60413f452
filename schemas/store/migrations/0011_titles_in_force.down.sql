drop table intake_titles;
