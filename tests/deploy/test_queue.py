"""The queue that feeds the function, and the function's own numbers, as the code counts on them.

Nothing on AWS would say that they are wrong: a message that is hidden for too short a time is worked on twice.
"""

from tests.support.templates import Node, arn, parameters, properties, ref

DAY = 86_400

QUEUE = properties("Queue")
FUNCTION = properties("Function")
VARIABLES = FUNCTION["Environment"]["Variables"]


def feed() -> Node:
    """The function's event source mapping."""
    (source,) = FUNCTION["Events"].values()
    assert source["Type"] == "SQS"
    return source["Properties"]


def test_the_function_has_lambdas_longest_time():
    assert FUNCTION["Timeout"] == 900


def test_a_message_is_hidden_for_the_functions_time_and_a_minute():
    assert QUEUE["VisibilityTimeout"] == FUNCTION["Timeout"] + 60


def test_a_message_is_given_up_after_the_deliveries_that_the_function_counts():
    redrive = {"deadLetterTargetArn": arn("DeadLetterQueue"), "maxReceiveCount": ref("MaxDeliveries")}
    assert QUEUE["RedrivePolicy"] == redrive
    assert VARIABLES["MAX_DELIVERIES"] == redrive["maxReceiveCount"]


def test_the_function_knows_the_queue_that_feeds_it():
    assert VARIABLES["QUEUE_URL"] == ref("Queue")
    assert feed()["Queue"] == arn("Queue")


def test_dead_letters_are_kept_for_two_weeks_and_messages_for_no_longer():
    """A message's age goes on counting in the dead-letter queue."""
    assert properties("DeadLetterQueue")["MessageRetentionPeriod"] == 14 * DAY
    assert QUEUE["MessageRetentionPeriod"] == 14 * DAY


def test_a_batch_is_one_message():
    assert feed().get("BatchSize") == 1


def test_what_is_pending_stays_in_the_queue():
    assert feed().get("FunctionResponseTypes") == ["ReportBatchItemFailures"]


def test_the_mapping_may_run_as_many_functions_as_it_fetches_messages_for_at_first():
    assert feed().get("ScalingConfig", {}).get("MaximumConcurrency", 0) >= 5


def test_no_concurrency_is_reserved():
    """It turns messages away, and each refusal counts as a delivery."""
    assert "ReservedConcurrentExecutions" not in FUNCTION


def test_the_function_writes_to_the_stacks_log():
    assert properties("LogGroup")["LogGroupName"] == f"/aws/lambda/{FUNCTION['FunctionName']}"
    assert FUNCTION["LoggingConfig"]["LogGroup"] == ref("LogGroup")


def test_no_log_level_drops_the_metrics():
    """They are lines of the log that carry no level: from WARN on Lambda would drop them, and the alarms with them."""
    assert FUNCTION["LoggingConfig"]["ApplicationLogLevel"] == ref("LogLevel")
    assert parameters()["LogLevel"]["AllowedValues"] == ["INFO", "DEBUG", "TRACE"]


def test_the_log_is_kept_for_one_of_the_times_that_are_allowed():
    retention = parameters()["LogRetentionDays"]
    assert retention["Default"] in retention["AllowedValues"]


def test_the_function_has_the_memory_that_is_asked_for():
    assert FUNCTION["MemorySize"] == ref("MemorySize")
