number-conversions = Conversions
number-conversions-note = became customers
number-revenue = Revenue
number-revenue-note = paid by referred customers
# $at (String) - when the others were counted
number-ages = Clicks, sign-ups, conversions and revenue are counted live, everything else once a minute; last on { $at }.
