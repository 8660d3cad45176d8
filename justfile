# The commands of a contributor. CONTRIBUTING.md has the plain command of each.

# Lists the recipes.
list:
    @"{{just_executable()}}" --list --unsorted

# Plans and onboards the sample list on the simulator, or a list of yours: `just try my.csv --dry-run`.
try *flags:
    cargo run -p gdo -- demo {{flags}}

# Runs all tests, or some: `just test --test stories`.
test *flags:
    cargo test {{flags}}

# Runs the stories of random trouble, each seed with its own.
chaos seeds="1000":
    CHAOS_SEEDS={{seeds}} cargo test --test stories chaos

# Checks the templates, runs the stack on emulators of AWS, and builds what is deployed.
deploy-checks:
    bash tests/deploy/run.sh
    bash tests/deploy/build.sh
    bash tests/deploy/motion.sh

# Makes what a release has, in dist/out.
dist *flags:
    bash dist/build.sh {{flags}}

# Measures how the function starts; also `just bench peers` and `just bench profiles`.
bench what="start":
    bash bench/{{what}}.sh

# Measures what onboarding a fleet of accounts costs: `just fleet --accounts 5000 --regions 17`.
fleet *flags:
    cargo run --release -p fleet -- {{flags}}

# Runs everything that a change has to pass.
ci:
    bash .ci/run
