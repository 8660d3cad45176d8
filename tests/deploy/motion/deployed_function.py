"""The function as it is deployed: its settings, its role and its memory, and the program that Cargo built."""

import json
from pathlib import Path
from typing import Any

from tests.deploy.motion.cloud import Cloud
from tests.support.runtime_api import Function

# In seconds. Nothing here takes longer, however much time Lambda would give.
PATIENCE = 60


class DeployedFunction(Function):
    """The function, ready for events."""

    def __init__(self, cloud: Cloud, binary: Path, configuration: dict[str, Any], folder: Path):
        self.configuration = configuration
        arn = configuration["FunctionArn"]
        # moto keeps numbers as numbers, Lambda has text only.
        settings = {name: str(value) for name, value in configuration["Environment"]["Variables"].items()}
        environment = settings | cloud.environment(configuration["Role"], arn.split(":")[3])
        super().__init__([binary], environment, folder, arn, configuration["MemorySize"])

    def answer_to(self, event: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Hands over an event with so much time left; the answer."""
        answer = self.invoke(json.dumps(event).encode(), seconds, PATIENCE)
        assert answer.good, f"the function answered with an error: {answer.body.decode()}"
        assert answer.seconds < seconds, "the function answered too late: Lambda would have stopped it"
        return json.loads(answer.body)
