"""What the pages ask of the lake: statements, made of typed values. Pure, and each bounded in what it reads.

Gold is read by columns. Of Silver's fixes only narrow columns are read, of one course and at most a year.
"""
