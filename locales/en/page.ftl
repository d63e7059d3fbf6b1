page-skip = Skip to content
# $program (String) - the name of the program
page-foot = { $program } · Referral program
page-language = Language
