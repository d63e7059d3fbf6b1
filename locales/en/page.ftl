page-skip = Skip to content
page-menu = Main
page-dashboard = Dashboard
page-admin = Admin
page-profile = Profile
page-sign-in = Sign in
page-sign-up = Sign up
page-sign-out = Sign out
page-to-dashboard = Go to your dashboard
page-to-overview = Go to the overview
# $program (String) - the name of the program
page-foot = { $program } · Referral program
page-language = Language
